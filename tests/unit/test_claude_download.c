/* SPDX-License-Identifier: MIT */
/* Over plain http on this machine. tests/e2e/test_fetch_claude.py tests https, interruptions
 * and logins. */
#include "session/claude_download.h"

#include "base/file.h"
#include "base/sig.h"
#include "no_progress.h"
#include "tap.h"
#include "tmpdir.h"
#include "web.h"

#define TEXT "0123456789"
#define PART(from, length, rest)                                                               \
    "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " from                               \
    "-9/10\r\nContent-Length: " length "\r\n\r\n" rest

static char *no_env[] = {NULL};
static struct web web;
static struct sig sig;
static struct arena arena;

/* Downloads to a file that contains `before`; NULL: there is none. Returns its content. */
static const char *download(const char *path, const char *before, struct err *e)
{
    struct session_context ctx = {
        .env = no_env, .arena = &arena, .sig = &sig, .progress = &no_progress};
    const struct npm_registry r = {.env = no_env, .url = {.host = "127.0.0.1"}};
    struct claude_package p = {.title = "claude 1.0.0",
                               .url = {.scheme = URL_HTTP,
                                       .user_info = "",
                                       .host = "127.0.0.1",
                                       .port = web.port,
                                       .path = path}};
    struct sha512 sum;

    err_reset(e);
    web.log[0] = '\0';
    sha512_init(&sum);
    sha512_add(&sum, TEXT, sizeof(TEXT) - 1);
    sha512_sum(&sum, p.sha512);
    (void)unlink(in_tmp("file"));
    if (before != NULL) {
        put_file(in_tmp("file"), before);
    }
    return claude_download(&ctx, &r, &p, in_tmp("file"), e) == 0 ? get_file(in_tmp("file"))
                                                                 : NULL;
}

int main(void)
{
    static const struct web_rule rules[] = {
        {"GET /whole ", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n" TEXT, 0, false},
        {"GET /part ", PART("3", "7", "3456789"), 0, false},
        {"GET /other ", PART("4", "6", "456789"), 0, false},
        {"GET /wrong ", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456780", 0, false},
        {"GET /short ", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234", 0, false},
        {"GET /nothing ", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 0, false},
        {NULL, NULL, 0, false}};
    struct err e = {0};

    tmpdir_make();
    if (sig_open(&sig, &e) < 0) {
        abort();
    }
    web_start(&web, rules);
    is_str(download("/whole", NULL, &e), TEXT, "a file is downloaded");
    ok(strstr(web.log, "Range:") == NULL, "a new download requests the whole file");
    is_str(download("/part", "012", &e), TEXT, "the rest of a file is downloaded");
    ok(strstr(web.log, "Range: bytes=3-\r\n") != NULL, "only the rest is requested");
    is_str(download("/whole", "012", &e), TEXT, "a server may send the whole file again");
    is_str(download("/whole", TEXT, &e), TEXT, "a complete file is accepted");
    is_str(web.log, "", "nothing is requested for it");
    is_str(download("/whole", "0123456789abc", &e), TEXT, "a longer file is replaced");
    ok(download("/other", "012", &e) == NULL && e.kind == ERR_FORMAT, "%s", e.text);
    ok(download("/wrong", NULL, &e) == NULL && e.kind == ERR_FORMAT &&
           strstr(e.text, "SHA-512") != NULL && !file_exists(in_tmp("file")),
       "%s", e.text);
    ok(download("/short", NULL, &e) == NULL && e.kind == ERR_EOF, "%s", e.text);
    is_str(get_file(in_tmp("file")), "01234", "what has arrived is kept");
    ok(download("/nothing", NULL, &e) == NULL && e.kind == ERR_NOT_FOUND, "%s", e.text);
    web_stop(&web);
    sig_close(&sig);
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
