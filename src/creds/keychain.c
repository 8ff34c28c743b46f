/* SPDX-License-Identifier: MIT */
#include "creds/keychain.h"

#include "base/clock.h"
#include "base/env.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/proc.h"
#include "base/secret.h"

#include <string.h>

#define SERVICE "Claude Code-credentials"
#define NOBODY "claude-code-user"

enum {
    SUFFIX_DIGITS = 8,
    COMPLAINT_MAX = 4 << 10,
    HEX_RUN_MAX = 16,
    /* Exit statuses: the low eight bits of errSecItemNotFound (-25300),
     * errSecInteractionNotAllowed (-25308) and errSecAuthFailed (-25293). */
    ITEM_NOT_FOUND = 44,
    ITEM_LOCKED = 36,
    ITEM_DENIED = 51
};

static const char hex_digits[] = "0123456789abcdef";

static const char *find_program(char *const *env, struct arena *a)
{
#ifdef __APPLE__
    (void)env;
    return arena_strdup(a, "/usr/bin/security");
#else
    const char *name = env_value(env, "CCO_KEYCHAIN");
    const char *path = name != NULL ? proc_find(name, env, a) : NULL;

    return path != NULL ? path : name != NULL ? arena_strdup(a, name) : NULL;
#endif
}

/* Returns the item's name. If CLAUDE_SECURESTORAGE_CONFIG_DIR is set, even to an empty value,
 * it is used instead of CLAUDE_CONFIG_DIR. */
static const char *find_service(char *const *env, struct arena *a)
{
    const char *dir = env_exact(env, "CLAUDE_SECURESTORAGE_CONFIG_DIR");
    char digest[SHA256_HEX];
    struct sha256 h;

    if (dir == NULL) {
        dir = env_value(env, "CLAUDE_CONFIG_DIR");
    }
    if (dir == NULL || dir[0] == '\0') {
        return SERVICE;
    }
    sha256_init(&h);
    sha256_add(&h, dir, strlen(dir));
    sha256_hex(&h, digest);
    return arena_printf(a, SERVICE "-%.*s", (int)SUFFIX_DIGITS, digest);
}

static const char *find_account(char *const *env)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const char *user = env_value(env, "USER");

    return user != NULL && user[strspn(user, allowed)] == '\0' ? user : NOBODY;
}

struct keychain keychain_find(char *const *env, struct arena *a)
{
    static const char *const names[] = {"HOME", "PATH", "USER"};
    struct keychain k = {.program = find_program(env, a)};
    char **own = arena_array(a, sizeof(names) / sizeof(names[0]) + 1, sizeof(*own));
    size_t count = 0;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = env_exact(env, names[i]);

        if (value != NULL) {
            own[count++] = arena_printf(a, "%s=%s", names[i], value);
        }
    }
    k.env = own;
    k.service = find_service(env, a);
    k.account = arena_strdup(a, find_account(env));
    return k;
}

static int digit(char c)
{
    const char *at = memchr(hex_digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c, 16);

    return at == NULL ? -1 : (int)(at - hex_digits);
}

/* Returns whether this line of the program's stderr may be shown. The program may repeat its
 * input there, which contains the login in hex digits. */
static bool may_show(struct str line)
{
    size_t run = 0;

    for (size_t i = 0; run < HEX_RUN_MAX && i < line.len; i++) {
        run = digit(line.p[i]) < 0 ? 0 : run + 1;
    }
    return line.len > 0 && run < HEX_RUN_MAX;
}

static int failed(int status, const struct buf *complaint, struct err *e)
{
    struct str rest = buf_str(complaint);
    struct str line = {0};

    if (status == ITEM_NOT_FOUND) {
        return err_set(e, ERR_NOT_FOUND, "no such item exists");
    }
    if (status == ITEM_LOCKED) {
        (void)err_set(e, ERR_REFUSED, "the Keychain is locked");
        return err_hint(e, "Unlock it: security unlock-keychain");
    }
    if (status == ITEM_DENIED) {
        (void)err_set(e, ERR_REFUSED, "the Keychain refuses access");
        return err_hint(
            e, "Unlock it (security unlock-keychain), and allow access if macOS asks.");
    }
    (void)str_cut(&rest, '\n', &line);
    line = str_trim(line);
    if (!may_show(line)) {
        return err_set(e, ERR_REFUSED, "exit status %d", status);
    }
    return err_set(e, ERR_REFUSED, "%.*s", (int)line.len, line.p);
}

/* Runs the program once. Returns 0 if its exit status is 0, and -1 on error, with *out
 * empty. */
static int ask(const struct keychain *k, const char *const *argv, struct str in,
               struct buf *out, int timeout_ms, struct err *e)
{
    struct buf complaint;
    int status = -1;
    int rc;
    const struct proc p = {
        .program = k->program,
        .argv = argv,
        .env = k->env,
        .in = in,
        .out = out,
        .err = &complaint,
        .secret = true,
        .deadline_ms = clock_ms() + timeout_ms,
    };

    if (k->program == NULL || k->program[0] != '/') {
        return err_set(e, ERR_REFUSED, "%s: no such program",
                       k->program == NULL ? "security" : k->program);
    }
    buf_init(&complaint, COMPLAINT_MAX);
    (void)buf_reserve(&complaint, COMPLAINT_MAX);
    rc = proc_run(&p, &status, e);
    if (rc == 0 && status != 0) {
        rc = failed(status, &complaint, e);
        buf_wipe(out);
    } else if (rc < 0 && e->kind == ERR_TIMEOUT) {
        (void)err_hint(
            e,
            "macOS may be asking for permission on the screen: try again, and allow access.");
    }
    buf_wipe(&complaint);
    return rc;
}

/* Decodes the text in place if it consists of the hex digits of something that starts like a
 * JSON object: security(1) prints text that is not plain ASCII in this form. */
static void decode_hex(char *p, size_t *len)
{
    bool is_hex = *len >= 2 && *len % 2 == 0 && digit(p[0]) * 16 + digit(p[1]) == '{';

    for (size_t i = 0; is_hex && i < *len; i++) {
        is_hex = digit(p[i]) >= 0;
    }
    for (size_t i = 0; is_hex && i < *len; i += 2) {
        p[i / 2] = (char)(unsigned char)(digit(p[i]) * 16 + digit(p[i + 1]));
    }
    if (is_hex) {
        secret_wipe(p + *len / 2, *len / 2);
        *len /= 2;
    }
}

static int read_item(const struct keychain *k, struct buf *out, int timeout_ms, struct err *e)
{
    const char *const argv[] = {
        "security", "find-generic-password", "-a", k->account, "-w", "-s", k->service, NULL};
    struct buf raw;
    struct str text;
    size_t len;
    int rc;

    buf_init(&raw, 2 * LIMIT_CREDENTIALS + 2);
    rc = ask(k, argv, str_n(NULL, 0), &raw, timeout_ms, e);
    if (rc == 0 && raw.len > 0) {
        text = str_trim(buf_str(&raw));
        len = text.len;
        decode_hex(raw.mem + (text.p - raw.mem), &len);
        if (str_contains(str_n(text.p, len), "keychainOverflow")) {
            rc = err_set(e, ERR_REFUSED,
                         "the login is so large that claude spreads it over several items");
            (void)err_hint(e, "Log out of MCP servers that you no longer use (claude, /mcp), "
                              "then log in again.");
        } else if (buf_add(out, text.p, len) < 0) {
            rc = err_set(e, ERR_LIMIT, "it is larger than %zu bytes", out->max);
        }
    }
    buf_wipe(&raw);
    return rc;
}

int keychain_read(const struct keychain *k, struct buf *out, struct err *e)
{
    return read_item(k, out, KEYCHAIN_READ_MS, e);
}

/* Adds the JSON text without the white space between its tokens. Line breaks would otherwise
 * become part of the item, and the line for security(1) must be short (KEYCHAIN_LINE_MAX). */
static void add_compact(struct str text, struct buf *out)
{
    bool in_string = false;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];

        if (in_string && c == '\\' && i + 1 < text.len) {
            (void)buf_add_byte(out, (unsigned char)c); /* fits: it does not get longer */
            c = text.p[++i];
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
            continue;
        }
        (void)buf_add_byte(out, (unsigned char)c);
    }
}

/* Returns whether the text can be written between double quotes in a line for security(1). */
static bool is_plain(const char *s)
{
    for (; *s != '\0'; s++) {
        if ((unsigned char)*s < ' ' || *s == '"' || *s == '\\' || *s == 0x7f) {
            return false;
        }
    }
    return true;
}

static void add_line(const struct keychain *k, struct str text, struct buf *line)
{
    (void)buf_addf(line, "add-generic-password -U -a \"%s\" -s \"%s\" -X \"", k->account,
                   k->service);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.p[i];

        (void)buf_add_byte(line, (unsigned char)hex_digits[c >> 4]);
        (void)buf_add_byte(line, (unsigned char)hex_digits[c & 15]);
    }
    (void)buf_add_c(line, "\"\n"); /* the caller checks for overflow */
}

static int write_line(const struct keychain *k, struct str line, struct err *e)
{
    const char *const argv[] = {"security", "-i", NULL};
    struct buf said;
    int rc;

    buf_init(&said, COMPLAINT_MAX);
    rc = ask(k, argv, line, &said, KEYCHAIN_WRITE_MS, e);
    buf_wipe(&said);
    return rc;
}

static int check_written(const struct keychain *k, struct str text, struct err *e)
{
    struct buf again;
    int rc;

    buf_init(&again, LIMIT_CREDENTIALS);
    (void)buf_reserve(&again, LIMIT_CREDENTIALS);
    rc = read_item(k, &again, KEYCHAIN_WRITE_MS, e);
    if (rc < 0) {
        (void)err_wrap(e, "read back");
    } else if (!secret_equal(buf_str(&again), text)) {
        rc = err_set(e, ERR_FORMAT, "the item does not contain the text that was written");
    }
    buf_wipe(&again);
    return rc;
}

int keychain_write(const struct keychain *k, struct str text, struct err *e)
{
    struct buf compact;
    struct buf line;
    int rc = -1;

    buf_init(&compact, text.len);
    buf_init(&line, KEYCHAIN_LINE_MAX);
    (void)buf_reserve(&compact, text.len);
    (void)buf_reserve(&line, KEYCHAIN_LINE_MAX);
    add_compact(text, &compact);
    if (!is_plain(k->account) || !is_plain(k->service)) {
        (void)err_set(e, ERR_REFUSED,
                      "the item's name or account has characters that cannot be quoted");
        goto out;
    }
    add_line(k, buf_str(&compact), &line);
    if (line.overflowed) {
        (void)err_set(
            e, ERR_LIMIT,
            "a login of %zu bytes is too long to be passed to security(1) on its stdin",
            compact.len);
        (void)err_hint(e, "Log out of MCP servers that you no longer use (claude, /mcp), or "
                          "log in again with claude.");
        goto out;
    }
    if (write_line(k, buf_str(&line), e) == 0) {
        rc = check_written(k, buf_str(&compact), e);
    }
out:
    buf_wipe(&line);
    buf_wipe(&compact);
    return rc;
}
