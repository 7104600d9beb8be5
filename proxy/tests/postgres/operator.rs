//! What `doctor` says of a PostgreSQL, and that an older program does not start on a newer ledger.

use sqlx::{AnyConnection, Connection};

use crate::fake::Fake;
use crate::program::{command, refused, start};

#[tokio::test]
async fn a_ledger_of_a_later_release_is_refused_and_told() {
    let fake = Fake::start().await;
    let url = crate::database::url().await.unwrap();
    let data = tempfile::tempdir().unwrap();
    let settings = [
        ("OPENCX_API_URL", fake.url.as_str()),
        ("OPENCX_PROXY_DATABASE_URL", url.as_str()),
        ("OPENCX_PROXY_ALLOWED_ORIGINS", "https://admin.example"),
    ];
    let database = async || {
        let output = command(data.path(), &settings)
            .arg("doctor")
            .output()
            .await
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let line = said
            .lines()
            .find(|line| line.contains("  database: ") || line.starts_with("FAILED  database: "));
        line.unwrap_or_else(|| panic!("{said}")).to_owned()
    };
    let line = database().await;
    assert!(
        line.starts_with("ok") && line.contains("the first start"),
        "{line}"
    );
    let mut program = start(data.path(), &settings).await;
    let line = database().await;
    assert!(line.starts_with("ok") && line.contains("answers"), "{line}");
    assert!(program.terminate().await.success());

    let mut ledger = AnyConnection::connect(&url).await.unwrap();
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'of a later release', TRUE, ''::bytea, 0)";
    sqlx::query(later).execute(&mut ledger).await.unwrap();
    let line = database().await;
    assert!(
        line.starts_with("FAILED") && line.contains("newer version"),
        "{line}"
    );
    let said = refused(data.path(), &settings).await;
    assert!(
        said.contains("An older proxy cannot use a newer ledger"),
        "{said}"
    );
}
