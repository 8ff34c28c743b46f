/* SPDX-License-Identifier: MIT */
#include "host/probe.h"

#include "base/limits.h"

#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *dir, const char *name, const char *text)
{
    char path[300];
    FILE *f;

    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    f = fopen(path, "we");
    if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0) {
        abort();
    }
}

static void dotenv(const char *dir)
{
    struct buf b;
    struct err e = {0};
    char path[300];

    buf_init(&b, LIMIT_FILE_SMALL);
    ok(host_dotenv(dir, &b, &e) < 0 && e.kind == ERR_NOT_FOUND, "no .env");
    put(dir, "real", "A=1\n");
    (void)snprintf(path, sizeof(path), "%s/.env", dir);
    ok(symlink("real", path) == 0 && host_dotenv(dir, &b, &e) < 0 && e.kind == ERR_REFUSED,
       "a link as .env is refused: %s", e.text);
    (void)unlink(path);
    ok(mkfifo(path, 0600) == 0 && host_dotenv(dir, &b, &e) < 0 && e.kind == ERR_REFUSED,
       "a fifo as .env does not block: %s", e.text);
    (void)unlink(path);
    put(dir, ".env", "A=1\n");
    ok(host_dotenv(dir, &b, &e) == 0 && str_eq_c(buf_str(&b), "A=1\n"),
       "a file as .env is read");
    (void)unlink(path);
    (void)snprintf(path, sizeof(path), "%s/real", dir);
    (void)unlink(path);
    buf_release(&b);
}

int main(void)
{
    char dir[] = "/tmp/cco-probe.XXXXXX";

    if (mkdtemp(dir) == NULL) {
        return 1;
    }
    dotenv(dir);
    (void)rmdir(dir);
    return done_testing();
}
