"""What is missing on a machine is named, with the command that installs it."""

import socket

import pytest

from storefront import machine


def test_a_missing_library_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine, "find_library", lambda name: None)
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit) as stopped:
        machine.main(["pango"])

    assert "sudo apt-get install" in str(stopped.value)
    assert "libpango-1.0-0" in str(stopped.value)


def test_where_it_may_it_installs_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(machine, "chromium", lambda: None)
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(machine.os, "geteuid", lambda: 0)
    monkeypatch.setattr(machine.subprocess, "run", lambda command, **how: commands.append(command))

    machine.main(["chromium"])

    assert [command[:2] for command in commands] == [["apt-get", "update"], ["apt-get", "install"]]
    assert "chromium" in commands[1]


def test_a_port_in_use_is_named_with_the_way_round_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]

        with pytest.raises(SystemExit, match=f"Port {port} is in use"):
            machine.main([f"port:{port}"])
