# SPDX-License-Identifier: MIT
"""The tests of test_terminal.py on an engine that is reached by TLS and by ssh; the line uses the engine's stream."""

import pytest

# pylint: disable=unused-wildcard-import,wildcard-import
from conftest import docker_only
from test_terminal import *
from test_session import mine
from transports import engine_pki, real, secure, ssh_server, ssh_without_forwarding

pytestmark = docker_only("an engine behind TLS and ssh")


@pytest.fixture
def box(real, api):
    yield real
    for c in mine(api, real):
        api("DELETE", f"/v1.41/containers/{c['Id']}?force=1")
