use secrecy::ExposeSecret;

use super::*;

fn env(settings: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> + use<> {
    let mut all = vec![("OPENCX_PARTNER_KEY".to_owned(), "pk_canary".to_owned())];
    all.extend(
        settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    move |name| {
        all.iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    }
}

fn read(settings: &[(&str, &str)]) -> Result<Config, String> {
    Config::read(&env(settings))
}

/// A file, with a partner key in the environment.
fn with_file(text: &str, settings: &[(&str, &str)]) -> Result<Config, String> {
    Config::merge(&File::read(text, "the.toml", AREAS)?, &env(settings))
}

#[test]
fn two_settings_are_enough() {
    let config = read(&[("OPENCX_API_URL", "http://127.0.0.1:4801/")]).unwrap();
    assert_eq!(config.platform.api_url, "http://127.0.0.1:4801");
    assert_eq!(config.listen.address.to_string(), "127.0.0.1:4802");
    assert!(!format!("{config:?}").contains("canary"));
}

#[test]
fn wrong_settings_are_named_with_value_and_remedy() {
    for (key, name, value) in [
        ("platform.api_url", "OPENCX_API_URL", "http://api.open.cx"),
        ("platform.api_url", "OPENCX_API_URL", "api.open.cx"),
        ("platform.api_url", "OPENCX_API_URL", "https://api.open.cx/?x"),
        ("listen.address", "OPENCX_PROXY_LISTEN", "4802"),
        (
            "listen.operations_address",
            "OPENCX_PROXY_OPERATIONS_LISTEN",
            "none",
        ),
        ("listen.base_path", "OPENCX_PROXY_BASE_PATH", "support"),
        ("listen.base_path", "OPENCX_PROXY_BASE_PATH", "/a//b"),
        ("listen.base_path", "OPENCX_PROXY_BASE_PATH", "/../b"),
        ("listen.base_path", "OPENCX_PROXY_BASE_PATH", "/{b}"),
        (
            "pages.allowed_origins",
            "OPENCX_PROXY_ALLOWED_ORIGINS",
            "https://a.example/",
        ),
        ("pages.allowed_origins", "OPENCX_PROXY_ALLOWED_ORIGINS", "*"),
        ("pages.serve", "OPENCX_PROXY_SERVE_PAGES", "yes"),
        ("pages.script_url", "OPENCX_PROXY_SCRIPT_URL", "/script.js"),
        (
            "paths.inviteUser",
            "OPENCX_PATH_INVITATION",
            "/partner/v1/invitations",
        ),
        ("listen.stop_seconds", "OPENCX_PROXY_STOP_SECONDS", "29"),
        ("platform.timeout_ms", "OPENCX_PLATFORM_TIMEOUT_MS", "0"),
        ("log.format", "OPENCX_PROXY_LOG_FORMAT", "xml"),
        ("log.filter", "RUST_LOG", "opencx=loud"),
    ] {
        let refusal = read(&[(name, value)]).unwrap_err();
        assert!(
            refusal.contains(key) && refusal.contains(name) && refusal.contains(value),
            "{refusal}"
        );
        let (table, key) = key.split_once('.').unwrap();
        assert_eq!(
            with_file(&format!("[{table}]\n{key} = \"{value}\""), &[]).unwrap_err(),
            refusal,
            "the file is read as strictly"
        );
    }
}

#[test]
fn a_password_in_the_address_is_not_shown() {
    let refusal = read(&[("OPENCX_API_URL", "https://u:canary@api.open.cx")]).unwrap_err();
    assert!(
        refusal.contains("OPENCX_API_URL") && !refusal.contains("canary"),
        "{refusal}"
    );
}

#[test]
fn a_bad_key_is_refused_without_being_shown() {
    let refusal = read(&[("OPENCX_PARTNER_KEY", "pk canary")]).unwrap_err();
    assert!(refusal.contains("OPENCX_PARTNER_KEY") && !refusal.contains("canary"));
    assert!(read(&[("OPENCX_PARTNER_KEY", "")]).is_err());
}

#[test]
fn the_environment_wins_over_the_file() {
    let text = "[platform]\ntimeout_ms = 5000\n[listen]\naddress = '127.0.0.1:1'\n\
                [pages]\nallowed_origins = ['https://a.example', 'https://b.example']";
    let config = with_file(text, &[("OPENCX_PROXY_LISTEN", "127.0.0.1:2")]).unwrap();
    assert_eq!(config.platform.timeout.as_secs(), 5);
    assert_eq!(config.listen.address.port(), 2);
    assert_eq!(config.allowed_origins, ["https://a.example", "https://b.example"]);
}

#[test]
fn a_secret_may_stand_in_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    std::fs::write(&path, "pk_from_a_file\n").unwrap();
    let path = path.to_str().unwrap();
    let key = |config: Config| config.platform.partner_key.expose_secret().to_owned();

    let none = env(&[("OPENCX_PARTNER_KEY", "")]);
    let named = format!("[platform]\npartner_key_file = '{path}'");
    let file = File::read(&named, "the.toml", AREAS).unwrap();
    assert_eq!(key(Config::merge(&file, &none).unwrap()), "pk_from_a_file");
    assert_eq!(
        key(Config::merge(&file, &env(&[])).unwrap()),
        "pk_canary",
        "the environment wins in any form"
    );
    let by_env = env(&[("OPENCX_PARTNER_KEY", ""), ("OPENCX_PARTNER_KEY_FILE", path)]);
    assert_eq!(key(Config::read(&by_env).unwrap()), "pk_from_a_file");

    let both = read(&[("OPENCX_PARTNER_KEY_FILE", path)]).unwrap_err();
    assert!(
        both.contains("OPENCX_PARTNER_KEY_FILE") && both.contains("keep one"),
        "{both}"
    );
    let absent = Config::read(&env(&[
        ("OPENCX_PARTNER_KEY", ""),
        ("OPENCX_PARTNER_KEY_FILE", "/nowhere"),
    ]));
    assert!(absent.unwrap_err().contains("/nowhere"));
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    for (text, near) in [
        ("[listen]\nadress = '127.0.0.1:1'", "listen.address"),
        ("[platfrom]\napi_url = 'x'", "[platform]"),
        ("[platform]\nbase_path = '/x'", "listen.base_path"),
        ("[paths]\ninviteuser = 'x'", "paths.inviteUser"),
        ("[platform]\npartner_key_fil = 'x'", "platform.partner_key_file"),
        ("listen = 'x'", "[listen]"),
    ] {
        let refusal = with_file(text, &[]).unwrap_err();
        assert!(
            refusal.contains("the.toml") && refusal.contains(&format!("Did you mean {near}?")),
            "{refusal}"
        );
    }
    let refusal = with_file("[platform]\nqqq = 'canary'", &[]).unwrap_err();
    assert!(
        refusal.contains("platform.qqq") && refusal.contains("init"),
        "{refusal}"
    );
    assert!(!refusal.contains("canary"));
}

#[test]
fn a_misspelt_variable_is_refused_and_a_strangers_is_not() {
    let refusal = no_misspelt(["PATH", "OPENCX_PROXY_LISTN"]).unwrap_err();
    assert!(refusal.contains("OPENCX_PROXY_LISTEN?"), "{refusal}");
    let others = [
        "OPENCX_PROXY_PORT",
        "OPENCX_PROXY_SERVICE_HOST",
        "OPENCX_SANDBOX_PARTNER_KEY",
        "OPENCX_PARTNER_KEY_FILE",
        "OPENCX_PROXY_DATA",
    ];
    assert_eq!(no_misspelt(others), Ok(()));
}

#[test]
fn broken_toml_is_refused_by_its_line_without_quoting_it() {
    let refusal = with_file("[platform]\npartner_key = 'canary", &[]).unwrap_err();
    assert!(
        refusal.contains("the.toml, line 2") && !refusal.contains("canary"),
        "{refusal}"
    );
    let list = with_file(
        "[platform]\npartner_key = ['canary']",
        &[("OPENCX_PARTNER_KEY", "")],
    );
    assert!(list.is_err_and(|refusal| !refusal.contains("canary")));
    let table = with_file("[listen]\naddress = { port = 1 }", &[]).unwrap_err();
    assert!(table.contains("listen.address (OPENCX_PROXY_LISTEN)"), "{table}");
}

#[test]
fn the_written_file_is_the_defaults_and_every_line_of_it_can_be_used() {
    let written = template();
    let defaults = format!("{:?}", read(&[]).unwrap());
    assert_eq!(format!("{:?}", with_file(&written, &[]).unwrap()), defaults);

    // Each commented setting, uncommented.
    let used: String = written
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(setting) if is_setting(setting) => format!("{setting}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let file = File::read(&used, "the.toml", AREAS).unwrap();
    for setting in AREAS.iter().flat_map(|area| area.settings) {
        assert!(written.contains(setting.env), "{}", setting.env);
        if !setting.secret {
            assert!(file.get(setting.key).is_some(), "{}", setting.key);
        }
    }
}

/// `key = value`, but no path of a secret's file, for there is none, nor a secret.
fn is_setting(line: &str) -> bool {
    line.split_once(" = ")
        .is_some_and(|(key, value)| !key.contains(' ') && !key.ends_with("_file") && value != "\"...\"")
}
