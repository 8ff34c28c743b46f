/* SPDX-License-Identifier: MIT */
/* gpg in a plan. */
#include "plan/plan.h"

#include "plan.h"
#include "tap.h"

#include <string.h>

#define SOCKET "/run/user/1000/gnupg/S.gpg-agent.extra"
#define RING "/home/ann/.gnupg/pubring.kbx"
#define TRUST "/home/ann/.gnupg/trustdb.gpg"

static struct arena arena;
static struct facts f;
static struct plan p;

static void facts(void)
{
    plan_facts(&f, &arena);
    f.gpg.home = "/home/ann/.gnupg";
    f.gpg.files[0] = (struct fact_path){RING, RING, FACT_FILE};
    f.gpg.files[2] = (struct fact_path){TRUST, TRUST, FACT_FILE};
    f.gpg.agent = (struct fact_path){SOCKET, SOCKET, FACT_OTHER};
}

static void build(bool gpg)
{
    struct opts o = {.gpg = gpg};
    struct err e = {0};

    ok(plan_build(&o, &f, &arena, &p, &e) == 0 && plan_check(&p, &f, &e) == 0,
       "a plan is built %s", e.text);
}

static const struct plan_mount *at(const char *target)
{
    for (size_t i = 0; i < p.files.mount_count; i++) {
        if (strcmp(p.files.mounts[i].target, target) == 0) {
            return &p.files.mounts[i];
        }
    }
    return NULL;
}

static bool is_copied(const char *source)
{
    for (size_t i = 0; i < p.files.copy_count; i++) {
        const struct plan_copy *copy = &p.files.copies[i];

        if (copy->source != NULL && strcmp(copy->source, source) == 0) {
            return copy->by_init && strcmp(copy->target, source) == 0;
        }
    }
    return false;
}

static bool has_gpg(void)
{
    return at("/home/ann/.gnupg") != NULL || at("/home/ann/.gnupg/S.gpg-agent") != NULL ||
           is_copied(RING) || is_copied(TRUST);
}

/* Returns true if the only line about what is missing contains this text. NULL: no line. */
static bool says(const char *text)
{
    return text == NULL ? p.missing.count == 0
                        : p.missing.count == 1 && strstr(p.missing.list[0].text, text) != NULL;
}

static void agent_is_shared_on_request(void)
{
    facts();
    build(false);
    ok(!has_gpg() && says(NULL), "without --gpg there is nothing of gpg, and no line");
    build(true);
    ok(at("/home/ann/.gnupg") != NULL && at("/home/ann/.gnupg")->kind == MOUNT_TMPFS &&
           at("/home/ann/.gnupg")->size > 0 && strv_has(&p.user.dirs, "/home/ann/.gnupg"),
       "gpg's directory is private memory that belongs to the user");
    ok(at("/home/ann/.gnupg/S.gpg-agent") != NULL &&
           strcmp(at("/home/ann/.gnupg/S.gpg-agent")->source, SOCKET) == 0 &&
           at("/home/ann/.gnupg/S.gpg-agent")->read_only,
       "the socket for restricted clients is where gpg looks for its agent");
    ok(is_copied(RING) && is_copied(TRUST), "public keys and the trust in them are copies");
    ok(says(NULL), "nothing is missing");
    f.signing.commits = true;
    build(true);
    ok(says(NULL), "git can sign with it");
}

static void lines_say_what_is_missing(void)
{
    facts();
    f.signing.commits = true;
    build(false);
    ok(says(": --gpg") && !has_gpg(), "if git signs, a line names --gpg");
    f.gpg.agent = (struct fact_path){0};
    build(true);
    ok(says("gpgconf --launch gpg-agent") && !has_gpg(), "one line: no agent runs");
    facts();
    f.gpg.files[0].type = FACT_MISSING;
    build(true);
    ok(says("/home/ann/.gnupg has no pubring.kbx") && !has_gpg(), "there are no keys");
    f.gpg.files[1] = (struct fact_path){"/home/ann/.gnupg/pubring.gpg",
                                        "/home/ann/.gnupg/pubring.gpg", FACT_FILE};
    build(true);
    ok(says(NULL) && is_copied("/home/ann/.gnupg/pubring.gpg"), "the old form of keys is fine");
    facts();
    f.signing.commits = f.signing.certificate = true;
    build(true);
    ok(says("with a certificate"), "gpg's agent does not help for certificates");
    f.signing.certificate = false;
    f.signing.ssh = true;
    build(true);
    ok(says(NULL), "signing with ssh is not about gpg");
}

static void sandboxes_that_do_not_reach_the_agent(void)
{
    facts();
    f.signing.commits = true;
    f.engine.desktop = true;
    build(true);
    ok(says("in a virtual machine does not reach") && !has_gpg(), "Docker Desktop");
    build(false);
    ok(says("gpg.format = ssh"), "there, --gpg is not the next step");
    f.engine.desktop = false;
    f.engine.kind = SANDBOX_REMOTE_CONTAINER;
    build(true);
    ok(says("remote engine does not reach") && !has_gpg(), "a remote engine");
    facts();
    case_native(&(struct opts){0}, &f, &arena);
    build(true);
    ok(has_gpg() && says(NULL), "a native sandbox reaches it");
    f.native.no_namespaces = "forbidden";
    build(true);
    ok(!has_gpg() && strstr(p.missing.list[0].text, "without namespaces") != NULL,
       "one without namespaces does not");
}

static void paths_that_an_agent_may_have_made_are_not_shared(void)
{
    static struct fact_untrusted untrusted[] = {{SOCKET, "it leads through a tree", false},
                                                {RING, "it leads through a tree", true}};

    facts();
    f.untrusted = untrusted;
    f.untrusted_count = 1;
    build(true);
    ok(!has_gpg() && p.warnings.count == 1 && strstr(p.warnings.v[0], SOCKET) != NULL,
       "a socket that a session could exchange is not shared, and named");
    f.untrusted = &untrusted[1];
    build(true);
    ok(!is_copied(RING) && p.warnings.count == 1 && strstr(p.warnings.v[0], RING) != NULL,
       "so is a file of keys");
}

int main(void)
{
    agent_is_shared_on_request();
    lines_say_what_is_missing();
    sandboxes_that_do_not_reach_the_agent();
    paths_that_an_agent_may_have_made_are_not_shared();
    arena_release(&arena);
    return done_testing();
}
