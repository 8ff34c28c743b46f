# SPDX-License-Identifier: MIT
"""The tests of test_engines.py on an engine that is reached by TLS and by ssh: two more columns of its table."""

import pytest

# pylint: disable=unused-wildcard-import,wildcard-import
from conftest import docker_only
from test_engines import *
from test_engines import held, make, sandbox  # noqa: F401
from transports import engine_pki, reached, secure, ssh_server, ssh_without_forwarding  # noqa: F401

pytestmark = docker_only("an engine behind TLS and ssh")

del test_lost_engine_is_reported_and_the_session_survives  # noqa: F821  test_tls_engine.py and test_ssh_engine.py break their own connections


@pytest.fixture(params=["tls", "ssh"])
def real(box, request):
    """Replaces the fixture of conftest.py. test_remote_session.py tests ssh without forwarding."""
    yield from reached(box, request)
