/* SPDX-License-Identifier: MIT */
#include "host/gpg_agent.h"

#include "base/env.h"
#include "base/hash.h"
#include "base/path.h"
#include "base/unix_socket.h"
#include "host/look.h"
#include "plan/untrusted.h"

#include <string.h>
#include <sys/stat.h>

enum {
    DIGEST_DIGITS = 30, /* the hexadecimal digits of the digest in the name of a directory */
    HEX_BITS = 4,
    NAME_BITS = 5, /* of a character of that name */
};

/* Returns the value of a variable that names an absolute path, or NULL. */
static const char *dir_of(char *const *env, const char *name)
{
    const char *value = env_value(env, name);

    return value != NULL && value[0] == '/' ? value : NULL;
}

/* Returns the name of the directory with the sockets for another home of gpg than ~/.gnupg: 15
 * bytes of the SHA-1 of its path, in z-base-32 (GnuPG, common/homedir.c). */
static const char *dir_name(struct arena *a, const char *home)
{
    static const char digits[] = "ybndrfg8ejkmcpqxot1uwisza345h769";
    char hex[SHA1_HEX];
    char name[DIGEST_DIGITS * HEX_BITS / NAME_BITS + 1] = "";
    unsigned bits = 0;
    unsigned count = 0;
    size_t len = 0;

    sha1_hex(str_c(home), hex);
    for (size_t i = 0; i < DIGEST_DIGITS; i++) {
        const unsigned value =
            hex[i] <= '9' ? (unsigned)(hex[i] - '0') : (unsigned)(hex[i] - 'a') + 10U;

        bits = (bits << HEX_BITS | value) & 0xffU;
        count += HEX_BITS;
        if (count >= NAME_BITS) {
            count -= NAME_BITS;
            name[len++] = digits[bits >> count & 0x1fU];
        }
    }
    return arena_printf(a, "d.%s", name);
}

static bool is_own_socket(const char *path, uint64_t uid)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISSOCK(st.st_mode) && st.st_uid == uid;
}

/* Looks up the socket of the agent in this directory. Returns true if it is a socket of the
 * user's and a process listens there, and also if the way to it must not be used. */
static bool take_socket(struct arena *a, struct facts *f, const char *dir)
{
    const char *path = path_join(a, dir, "S.gpg-agent.extra");
    struct fact_path found;

    if (!is_own_socket(path, f->uid)) {
        return false;
    }
    found = look_obeyed(a, f, path);
    if (found.type != FACT_OTHER || !is_own_socket(found.physical, f->uid) ||
        (untrusted_why(f, path) == NULL && !unix_socket_is_live(found.physical))) {
        return false;
    }
    f->gpg.agent = found;
    return true;
}

void gpg_agent_probe(char *const *env, const struct opts *o, struct arena *a, struct facts *f)
{
    const char *usual = path_join(a, f->home, ".gnupg");
    const char *named = dir_of(env, "GNUPGHOME");
    const char *home = named != NULL ? path_clean(a, named) : usual;
    const char *below =
        strcmp(home, usual) == 0 ? "gnupg" : path_join(a, "gnupg", dir_name(a, home));
    const char *runtime = dir_of(env, "XDG_RUNTIME_DIR");
    const char *system = arena_printf(a, "/run/user/%llu", (unsigned long long)f->uid);

    if (!o->gpg) {
        return;
    }
    f->gpg.home = home;
    for (size_t i = 0; i < FACT_GPG_FILES; i++) {
        f->gpg.files[i] = look_readable(a, f, path_join(a, home, fact_gpg_files[i]));
    }
    if ((runtime == NULL || !take_socket(a, f, path_join(a, runtime, below))) &&
        !take_socket(a, f, path_join(a, system, below))) {
        (void)take_socket(a, f, home);
    }
}
