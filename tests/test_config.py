"""Settings: defaults, file, environment, in that order; mistakes name the place and what would do."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import SETTINGS, Config, ConfigError, Setting, document, load_config

NOWHERE = Path("no such file")
RANGED = [setting for setting in SETTINGS if setting.least is not None]


def loaded(folder: Path, text: str, **environment: str) -> Config:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path, environment)


def test_without_a_file_the_defaults_are_in_force() -> None:
    assert load_config(NOWHERE, {}).values == {setting.name: setting.default for setting in SETTINGS}


def test_every_setting_says_what_it_is_for() -> None:
    assert all(setting.help for setting in SETTINGS)


def test_the_file_of_the_project_loads_and_changes_nothing() -> None:
    path = Path(__file__).parents[1] / "config.yaml"
    if not path.exists():
        pytest.skip("there is no config.yaml")
    assert load_config(path, {}).values == load_config(NOWHERE, {}).values


def test_the_settings_are_shown_as_they_are_in_force(tmp_path: Path) -> None:
    text = 'port: "9000"\npublic_url: "https://例子.example"\nanswer_at: 0.7\n'
    config = loaded(tmp_path, text, XIAOAN_KEEP_DAYS="30")
    path = tmp_path / "shown.yaml"
    path.write_text(document(config), encoding="utf-8")
    assert load_config(path, {}).values == config.values


def test_the_file_overrides_the_default(tmp_path: Path) -> None:
    assert loaded(tmp_path, 'port: "9000"\n').whole("port") == 9000


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    assert loaded(tmp_path, 'port: "9000"\n', XIAOAN_PORT="9001").whole("port") == 9001


def test_an_empty_variable_overrides_nothing(tmp_path: Path) -> None:
    empty = {setting.variable: "" for setting in SETTINGS}
    assert loaded(tmp_path, 'port: "9000"\n', **empty).values == loaded(tmp_path, 'port: "9000"\n').values


def test_a_number_needs_no_quotes(tmp_path: Path) -> None:
    assert loaded(tmp_path, "answer_at: 0.7\n").number("answer_at") == 0.7


def test_an_unknown_name_is_a_mistake_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.yaml:2.*prot"):
        loaded(tmp_path, 'host: "0.0.0.0"\nprot: 9000\n')


def test_an_unknown_name_is_told_with_the_one_that_is_meant(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"是不是“port”.*可用的有：.*、port、"):
        loaded(tmp_path, "prot: 9000\n")


@pytest.mark.parametrize("setting", RANGED, ids=lambda setting: setting.name)
def test_a_value_out_of_range_is_refused(setting: Setting) -> None:
    assert setting.most is not None
    with pytest.raises(ConfigError, match=setting.name):
        load_config(NOWHERE, {setting.variable: f"{setting.most + 1:.0f}"})


@pytest.mark.parametrize("setting", RANGED, ids=lambda setting: setting.name)
@pytest.mark.parametrize("text", ["many", "nan", "1e400", "１２", "１２a"])
def test_a_value_that_is_no_number_is_refused(setting: Setting, text: str) -> None:
    with pytest.raises(ConfigError, match=setting.variable):
        load_config(NOWHERE, {setting.variable: text})


def test_a_word_that_is_no_choice_is_refused_with_the_choices() -> None:
    with pytest.raises(ConfigError, match=r"debug、info、warning、error"):
        load_config(NOWHERE, {"XIAOAN_LOG_LEVEL": "loud"})


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, "port: many\nlog_level: loud\nprot: 1\n")
    assert len(str(caught.value).splitlines()) == 3


def test_a_file_that_is_no_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.yaml:2: .*冒号要用半角"):
        loaded(tmp_path, 'host: "127.0.0.1"\nport：8000\ndatabase: "x"\n')


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert loaded(tmp_path, "").values == load_config(NOWHERE, {}).values


@pytest.mark.parametrize("text", ["- port\n", "port\n", "port: {a: 1}\n", "port: [1, 2]\n"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError):
        loaded(tmp_path, text)


@pytest.mark.parametrize("name", ["public_url", "telegram_api"])
@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org", "https://", "http://:80", "https://a:port", "http://["]
)
def test_an_address_that_nothing_opens_is_refused(name: str, url: str) -> None:
    with pytest.raises(ConfigError, match=rf"{name}.*https://\w"):
        load_config(NOWHERE, {f"XIAOAN_{name.upper()}": url})


@pytest.mark.parametrize("url", ["https://example.org/xiaoan", "https://example.org?a=1", "https://example.org/#a"])
def test_a_public_address_with_a_path_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match=r"public_url.*路径"):
        load_config(NOWHERE, {"XIAOAN_PUBLIC_URL": url})


@pytest.mark.parametrize("url", ["", "https://example.org", "http://127.0.0.1:8000/", "https://[::1]:8443"])
def test_an_address_or_none_is_taken(url: str) -> None:
    assert load_config(NOWHERE, {"XIAOAN_PUBLIC_URL": url}).text("public_url") == url


def test_asking_back_must_not_need_more_than_answering() -> None:
    with pytest.raises(ConfigError, match=r"ask_at.*answer_at"):
        load_config(NOWHERE, {"XIAOAN_ASK_AT": "0.8"})


@pytest.mark.parametrize("text", ["[]\n", "- port: 1\n"])
def test_a_list_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="名称: 值"):
        loaded(tmp_path, text)
