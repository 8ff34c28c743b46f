/* SPDX-License-Identifier: MIT */
/* The download is there already, so that the registry only sends its document.
 * tests/e2e/test_fetch_claude.py tests the rest. */
#include "session/claude_fetch.h"

#include "base/file.h"
#include "base/hash.h"
#include "host/fetched_claude.h"
#include "no_progress.h"
#include "npm_package.h"
#include "tap.h"
#include "tmpdir.h"
#include "web.h"
#include "wire/base64.h"

#include <sys/stat.h>

static struct arena arena;
static struct sig sig;
static struct web web;
static struct facts facts;
static char document[1 << 10];
static const char *dir;

/* Makes the package, and a document that names its digest. */
static void make_package(void)
{
    unsigned char digest[SHA512_SIZE];
    struct sha512 sum;
    struct buf archive;
    struct buf package;
    struct buf text;
    struct tar_w tar;
    struct err e = {0};

    buf_init(&archive, 1 << 20);
    buf_init(&package, 1 << 20);
    buf_init(&text, 256);
    tar_w_init(&tar, &archive);
    package_file(&tar, "package/claude", "the program");
    (void)tar_w_end(&tar, &e);
    package_gzip(buf_str(&archive), &package);
    sha512_init(&sum);
    sha512_add(&sum, buf_data(&package), package.len);
    sha512_sum(&sum, digest);
    (void)base64_encode(str_n((char *)digest, sizeof(digest)), false, &text);
    (void)snprintf(document, sizeof(document),
                   "HTTP/1.1 200 OK\r\n\r\n{\"dist-tags\":{\"latest\":\"1.0.0\"},\"versions\":{"
                   "\"1.0.0\":{\"dist\":{\"tarball\":\"http://127.0.0.1:PORT/x.tgz\","
                   "\"integrity\":\"sha512-%s\"}}}}",
                   buf_c(&text));
    if (file_mkdirs(dir, 0700, &e) < 0 ||
        file_write_atomic(in_tmp("data/claude-code/.download-1.0.0.tgz"), buf_str(&package),
                          0600, &e) < 0) {
        abort();
    }
    buf_release(&archive);
    buf_release(&package);
    buf_release(&text);
}

static int fetch_it(const char *registry, const char *pin, bool newest, struct err *e)
{
    char *env[] = {arena_printf(&arena, "npm_config_registry=%s", registry), NULL};
    struct session_context ctx = {
        .env = env, .arena = &arena, .facts = &facts, .sig = &sig, .progress = &no_progress};

    err_reset(e);
    web.log[0] = '\0';
    facts.claude_pin = pin;
    return claude_fetch(&ctx, newest, e);
}

int main(void)
{
    struct web_rule rules[] = {
        {"GET /good/@anthropic-ai%2fclaude-code-linux-", document, 0, false},
        {"GET /bad/", "HTTP/1.1 200 OK\r\n\r\n[]", 0, false},
        {"GET /login/", "HTTP/1.1 401 Who\r\n\r\n", 0, false},
        {"GET /", "HTTP/1.1 404 No\r\n\r\n", 0, false},
        {NULL, NULL, 0, false}};
    const char *at;
    struct err e = {0};

    tmpdir_make();
    facts.home = tmpdir;
    facts.state_dir = arena_printf(&arena, "%s/state", tmpdir);
    facts.data_dir = arena_printf(&arena, "%s/data", tmpdir);
    dir = fetched_claude_dir(&facts, &arena);
    if (sig_open(&sig, &e) < 0) {
        abort();
    }
    make_package();
    web_start(&web, rules);
    at = arena_printf(&arena, "http://127.0.0.1:%u", web.port);
    ok(fetch_it(arena_printf(&arena, "%s/other", at), NULL, false, &e) < 0 &&
           strstr(e.hint, "has no package") != NULL,
       "%s", e.text);
    ok(fetch_it(arena_printf(&arena, "%s/login", at), NULL, false, &e) < 0 &&
           strstr(e.hint, "npm login") != NULL,
       "%s", e.text);
    ok(fetch_it(arena_printf(&arena, "http://me:sesame@127.0.0.1:%u/login/t0ken", web.port),
                NULL, false, &e) < 0 &&
           strstr(e.hint, "npm login") != NULL && strstr(e.text, "127.0.0.1") != NULL &&
           strstr(e.text, "sesame") == NULL && strstr(e.hint, "sesame") == NULL &&
           strstr(e.text, "t0ken") == NULL && strstr(e.hint, "t0ken") == NULL,
       "neither a password nor a token of the address is shown: %s", e.text);
    ok(fetch_it(arena_printf(&arena, "%s/bad", at), NULL, false, &e) < 0 &&
           e.kind == ERR_FORMAT,
       "%s", e.text);
    ok(fetch_it("http://127.0.0.1:9", NULL, false, &e) < 0 &&
           strstr(e.hint, "Without a network") != NULL,
       "%s", e.text);
    ok(fetch_it(arena_printf(&arena, "%s/good", at), "3.0.0", false, &e) < 0 &&
           e.kind == ERR_NOT_FOUND,
       "%s", e.text);
    is_int(fetch_it(arena_printf(&arena, "%s/good", at), NULL, false, &e), 0, "it is fetched");
    is_str(get_file(in_tmp("data/claude-code/1.0.0/claude")), "the program",
           "the program is in its place");
    is_str(fetched_claude_choose(dir, NULL, &arena), "1.0.0", "it is the current version");
    ok(!file_exists(in_tmp("data/claude-code/.download-1.0.0.tgz")), "the download is removed");
    is_int(fetch_it(arena_printf(&arena, "%s/good", at), NULL, false, &e), 0,
           "a second call succeeds");
    is_str(web.log, "", "it asks nobody");
    put_file(in_tmp("data/claude-code/.unpacked-0.9.0"), "x");
    is_int(fetch_it(arena_printf(&arena, "%s/good", at), NULL, true, &e), 0,
           "the newest version is there");
    ok(web.log[0] != '\0' && !file_exists(in_tmp("data/claude-code/.unpacked-0.9.0")),
       "the registry was asked, and leftovers are removed");
    web_stop(&web);
    sig_close(&sig);
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
