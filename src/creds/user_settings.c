/* SPDX-License-Identifier: MIT */
#include "creds/user_settings.h"

#include "base/file.h"
#include "base/limits.h"
#include "wire/json.h"

#include <string.h>

/* Reads the file into `text`, which the caller wipes, and parses it. */
static struct json read_settings(const char *path, struct buf *text)
{
    struct err ignored = {0};
    struct json root = {0};

    return file_read(path, text, &ignored) == 0 &&
                   json_parse(buf_str(text), &root, &ignored) == 0
               ? root
               : (struct json){0};
}

const char *user_settings_command(const char *path, const char *key, struct arena *a)
{
    struct buf text;
    const char *command;

    buf_init(&text, LIMIT_FILE_SMALL);
    command = json_string_dup(json_get(read_settings(path, &text), key), a);
    buf_wipe(&text);
    return command != NULL && command[0] != '\0' ? command : NULL;
}

static bool is_switch(const char *name)
{
    return strncmp(name, "CLAUDE_CODE_USE_", sizeof("CLAUDE_CODE_USE_") - 1) == 0;
}

static bool is_set(struct json value, const char *name)
{
    if (is_switch(name) && (json_is(value, "0") || json_is(value, "false"))) {
        return false;
    }
    return value.type == JSON_NUMBER || value.type == JSON_TRUE ||
           (value.type == JSON_STRING && !json_is(value, ""));
}

size_t user_settings_sets(const char *path, const char *const *names, size_t count)
{
    struct buf text;
    struct json env;
    size_t i = 0;

    buf_init(&text, LIMIT_FILE_SMALL);
    env = json_get(read_settings(path, &text), "env");
    while (i < count && !is_set(json_get(env, names[i]), names[i])) {
        i++;
    }
    buf_wipe(&text);
    return i;
}

bool user_settings_value(const char *path, const char *name, struct buf *value)
{
    struct buf text;
    bool is_there;

    buf_init(&text, LIMIT_FILE_SMALL);
    is_there =
        json_string(json_get(json_get(read_settings(path, &text), "env"), name), value) == 0 &&
        value->len > 0;
    buf_wipe(&text);
    return is_there;
}
