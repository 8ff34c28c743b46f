# SPDX-License-Identifier: MIT
"""The tests of test_session.py on an engine that is reached by TLS and by ssh; the line uses the engine's stream."""

# pylint: disable=unused-wildcard-import,wildcard-import
from conftest import docker_only
from test_session import *
from transports import engine_pki, real, secure, ssh_server, ssh_without_forwarding

pytestmark = docker_only("an engine behind TLS and ssh")
