/* SPDX-License-Identifier: MIT */
/* Finds the items (trust_items.h) in the texts that claude reads from a project. Anything that
 * is not known to be harmless is an item. Pure: works on texts, without input or output. `file`
 * is the name of the file for the items, and must live as long as they do. Parts of a text that
 * do not have the expected form become an item as well. */
#ifndef TRUST_TRUST_SETTINGS_H
#define TRUST_TRUST_SETTINGS_H

#include "base/str.h"
#include "trust/trust_items.h"

/* Adds an item for each variable of a .env that needs trust. Lines that set no variable are
 * skipped. */
void trust_dotenv(struct trust_items *t, const char *file, struct str text);

/* Adds the items of claude's settings (.claude/settings.json): each command of a hook, each
 * variable of `env` that needs trust, and each key that is not known to be harmless. */
void trust_settings(struct trust_items *t, const char *file, struct str text);

/* Adds one item for each server of .mcp.json. */
void trust_mcp(struct trust_items *t, const char *file, struct str text);

/* Adds an item for a skill, a command or an agent (a Markdown file with a front matter) if it
 * has hooks or MCP servers, runs a command when it is used, or allows tools. Files that contain
 * text only have none. */
void trust_markdown(struct trust_items *t, const char *file, struct str text);

#endif
