/* SPDX-License-Identifier: MIT */
#include "host/git_signing.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/unix_socket.h"
#include "plan/untrusted.h"
#include "wire/agent_msg.h"
#include "wire/base64.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { KEY_MAX = 16 << 10 };

/* Returns true for the words of git that mean true. */
static bool is_true(const char *value)
{
    return value == NULL || strcasecmp(value, "true") == 0 || strcasecmp(value, "yes") == 0 ||
           strcasecmp(value, "on") == 0 || strcmp(value, "1") == 0;
}

void git_signing_take(struct facts *f, const struct git_config_item *item)
{
    if (item->subsection != NULL) {
        return;
    }
    if (strcmp(item->section, "commit") == 0 && strcmp(item->key, "gpgsign") == 0) {
        f->signing.commits = is_true(item->value);
    } else if (item->value != NULL && strcmp(item->section, "gpg") == 0 &&
               strcmp(item->key, "format") == 0) {
        f->signing.ssh = strcmp(item->value, "ssh") == 0;
        f->signing.certificate = strcmp(item->value, "x509") == 0;
    } else if (item->value != NULL && strcmp(item->section, "user") == 0 &&
               strcmp(item->key, "signingkey") == 0) {
        f->signing.key = item->value;
    }
}

/* Finds the text of the public key that the setting means: the setting itself, or the file that
 * it names, or the file with ".pub" behind that name. Returns false if there is none. */
static bool public_key(const struct facts *f, struct arena *a, struct buf *out)
{
    const char *key = f->signing.key;
    struct err ignored = {0};
    const char *path;

    if (strncmp(key, "key::", 5) == 0) {
        return buf_add_c(out, key + 5) == 0;
    }
    if (strncmp(key, "ssh-", 4) == 0) {
        return buf_add_c(out, key) == 0;
    }
    path = path_named(a, f->home, NULL, key);
    for (int i = 0; path != NULL && i < 2; i++) {
        buf_reset(out);
        if (file_is_regular(path) && file_read(path, out, &ignored) == 0 &&
            str_starts(buf_str(out), "-----BEGIN") == false) {
            return true;
        }
        path = arena_printf(a, "%s.pub", path);
    }
    return false;
}

/* Adds the bytes of a public key in OpenSSH's form, "TYPE BASE64 COMMENT", to `blob`. */
static bool decode(struct str text, struct buf *blob)
{
    struct err ignored = {0};
    struct str line = {0};
    struct str word = {0};

    text = str_trim(text);
    (void)str_cut(&text, '\n', &line);
    (void)str_cut(&line, ' ', &word);
    (void)str_cut(&line, ' ', &word);
    return base64_decode(str_trim(word), false, blob, &ignored) == 0 && blob->len > 0;
}

/* Asks the agent for its keys and adds the answer to `answer`. Returns 0 on success. */
static int ask(const char *socket, struct buf *answer)
{
    static const char request[] = {0, 0, 0, 1, AGENT_MSG_LIST};
    const int64_t deadline = clock_ms() + GIT_SIGNING_WAIT_MS;
    struct err ignored = {0};
    int fd = unix_socket_connect(socket, &ignored);
    int rc = -1;

    if (fd < 0 || write(fd, request, sizeof(request)) != (ssize_t)sizeof(request)) {
        fd_close(&fd);
        return -1;
    }
    while (rc < 0) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        struct str in = buf_str(answer);
        struct str msg;
        char chunk[4096];
        ssize_t got;

        const int complete = agent_msg_next(&in, &msg);

        if (complete != 0) {
            rc = complete > 0 ? 0 : -1;
            break;
        }
        if (poll(&p, 1, clock_poll_timeout(deadline)) <= 0) {
            break;
        }
        got = read(fd, chunk, sizeof(chunk));
        if (got <= 0 || buf_add(answer, chunk, (size_t)got) < 0) {
            break;
        }
    }
    fd_close(&fd);
    return rc;
}

void git_signing_probe(struct arena *a, struct facts *f)
{
    struct buf text;
    struct buf blob;
    struct buf answer;

    if (!f->signing.commits || !f->signing.ssh || f->signing.key == NULL ||
        f->ssh_agent.type != FACT_OTHER || untrusted_why(f, f->ssh_agent.path) != NULL) {
        return;
    }
    buf_init(&text, KEY_MAX);
    buf_init(&blob, KEY_MAX);
    buf_init(&answer, AGENT_MSG_HEAD + AGENT_MSG_MAX);
    if (public_key(f, a, &text) && decode(buf_str(&text), &blob) &&
        ask(f->ssh_agent.physical, &answer) == 0) {
        f->signing.agent_lacks_key =
            memmem(buf_data(&answer), answer.len, buf_data(&blob), blob.len) == NULL;
    }
    buf_wipe(&text);
    buf_release(&blob);
    buf_release(&answer);
}
