//! Signatures of tokens are checked by ring, which TLS has brought along. The choice is for the whole process.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{self, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::hmac;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
    UnparsedPublicKey, VerificationAlgorithm,
};

static BY_RING: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    // For making published keys, which nobody does here.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Before the first token is read.
pub fn install() {
    // A second install changes nothing: the first one stays.
    let _ = BY_RING.install_default();
}

enum By {
    Secret(hmac::Algorithm),
    Rsa(&'static RsaParameters),
    Point(&'static dyn VerificationAlgorithm),
}

fn by(algorithm: Algorithm) -> Option<By> {
    Some(match algorithm {
        Algorithm::HS256 => By::Secret(hmac::HMAC_SHA256),
        Algorithm::HS384 => By::Secret(hmac::HMAC_SHA384),
        Algorithm::HS512 => By::Secret(hmac::HMAC_SHA512),
        Algorithm::RS256 => By::Rsa(&RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => By::Rsa(&RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => By::Rsa(&RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => By::Rsa(&RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => By::Rsa(&RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => By::Rsa(&RSA_PSS_2048_8192_SHA512),
        Algorithm::ES256 => By::Point(&ECDSA_P256_SHA256_FIXED),
        Algorithm::ES384 => By::Point(&ECDSA_P384_SHA384_FIXED),
        Algorithm::EdDSA => By::Point(&ED25519),
        _ => return None,
    })
}

struct Signed {
    algorithm: Algorithm,
    key: DecodingKey,
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    // A public key is never taken for a shared secret.
    if key.family() != algorithm.family() {
        return Err(ErrorKind::InvalidKeyFormat.into());
    }
    Ok(Box::new(Signed {
        algorithm: *algorithm,
        key: key.clone(),
    }))
}

/// The proxy signs nothing. The sandbox does, with a shared secret, and tests have both in one process.
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    match by(*algorithm) {
        Some(By::Secret(by)) if key.family() == algorithm.family() => Ok(Box::new(Signing {
            algorithm: *algorithm,
            key: hmac::Key::new(by, key.as_bytes()),
        })),
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    }
}

struct Signing {
    algorithm: Algorithm,
    key: hmac::Key,
}

impl Signer<Vec<u8>> for Signing {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, signature::Error> {
        Ok(hmac::sign(&self.key, message).as_ref().to_vec())
    }
}

impl JwtSigner for Signing {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for Signed {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        let good = match (by(self.algorithm), self.key.kind()) {
            (Some(By::Secret(algorithm)), DecodingKeyKind::SecretOrDer(secret)) => {
                hmac::verify(&hmac::Key::new(algorithm, secret), message, signature).is_ok()
            }
            (Some(By::Rsa(algorithm)), DecodingKeyKind::RsaModulusExponent { n, e }) => {
                let key = RsaPublicKeyComponents { n, e };
                key.verify(algorithm, message, signature).is_ok()
            }
            (Some(By::Point(algorithm)), DecodingKeyKind::SecretOrDer(point)) => {
                let key = UnparsedPublicKey::new(algorithm, point);
                key.verify(message, signature).is_ok()
            }
            _ => false,
        };
        good.then_some(()).ok_or_else(signature::Error::new)
    }
}

impl JwtVerifier for Signed {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::crypto::verify;
    use jsonwebtoken::jwk::Jwk;
    use serde_json::{Value, json};

    fn is_good(algorithm: Algorithm, key: &Value, message: &str, signature: &str) -> bool {
        install();
        let key: Jwk = serde_json::from_value(key.clone()).unwrap();
        let key = DecodingKey::from_jwk(&key).unwrap();
        verify(signature, message.as_bytes(), &key, algorithm).unwrap_or(false)
    }

    /// The examples of the standards: RFC 7515, appendices A.1 to A.3, and RFC 8037, appendix A.4.
    #[test]
    fn as_the_standards_sign() {
        let joe =
            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let secret = json!({ "kty": "oct", "k":
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow" });
        let rsa = json!({ "kty": "RSA", "e": "AQAB", "n":
            "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yR\
             T-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS\
             -UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2\
             ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ" });
        let ec = json!({ "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" });
        let ed =
            json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
        for (algorithm, key, message, signature) in [
            (
                Algorithm::HS256,
                &secret,
                format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{joe}"),
                "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            ),
            (
                Algorithm::RS256,
                &rsa,
                format!("eyJhbGciOiJSUzI1NiJ9.{joe}"),
                "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9\
                 uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB\
                 _eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rq\
                 Vt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
            ),
            (
                Algorithm::ES256,
                &ec,
                format!("eyJhbGciOiJFUzI1NiJ9.{joe}"),
                "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
            ),
            (
                Algorithm::EdDSA,
                &ed,
                "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".into(),
                "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
            ),
        ] {
            assert!(is_good(algorithm, key, &message, signature), "{algorithm:?}");
            assert!(
                !is_good(algorithm, key, &format!("{message}x"), signature),
                "{algorithm:?}"
            );
            assert!(!is_good(algorithm, key, &message, ""), "{algorithm:?}");
            for other in [&secret, &rsa, &ec, &ed]
                .into_iter()
                .filter(|other| *other != key)
            {
                assert!(
                    !is_good(algorithm, other, &message, signature),
                    "{algorithm:?} {other}"
                );
            }
        }
        // A key that is cut short traps nothing.
        let short = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qY" });
        assert!(!is_good(Algorithm::EdDSA, &short, "a.b", "hgyY"));
    }
}
