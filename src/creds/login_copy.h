/* SPDX-License-Identifier: MIT */
/* The sandbox's copy of the stored login: claude's own login, and the access tokens of those
 * MCP servers that the project has. All other members of the host's text stay there: logins of
 * other servers, refresh tokens, and secrets of clients. Pure. */
#ifndef CREDS_LOGIN_COPY_H
#define CREDS_LOGIN_COPY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Adds the project's MCP servers to out, as a JSON list of pairs of a name and an address:
 * those of the user and of the project in claude_json (the text of ~/.claude.json), and those
 * of mcp_json (the text of the project's .mcp.json). A text that is empty or broken has none.
 * Servers without an address are left out, because they have no login. Returns 0 on success and
 * -1 with ERR_LIMIT if out's maximum is exceeded; out then holds a part. */
int login_copy_servers(struct str claude_json, const char *project, struct str mcp_json,
                       struct buf *out, struct err *e);

/* Adds the copy to out, which the caller wipes. Of the logins of MCP servers it has those whose
 * name and address are a pair in `servers` (NULL: none), without refresh tokens and client
 * secrets. Everything else is as in login_strip(), whose errors it has. */
int login_copy(struct str text, const char *servers, bool with_refresh, struct buf *out,
               struct err *e);

#endif
