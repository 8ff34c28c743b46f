/* SPDX-License-Identifier: MIT */
/* Tests both files of this name: what is found on the host, and what the plan says about it. */
#include "host/local_addresses.h"

#include "plan.h"
#include "tap.h"

#include <string.h>

static struct planned t;

static void names_of_variables_are_found(void)
{
    static const char *const env[] = {"HTTP_PROXY=http://127.0.0.1:3128",
                                      "A-B=http://localhost",
                                      "no_proxy=localhost",
                                      "EMPTY=",
                                      "NOTHING",
                                      "ANTHROPIC_BASE_URL=http://user:secret@localhost:4000/",
                                      "X=http://example.org",
                                      NULL};
    struct arena a = {0};
    struct facts f = {0};

    local_addresses_probe((char *const *)(uintptr_t)env, &a, &f);
    ok(f.local_variables.count == 2 && strcmp(f.local_variables.v[0], "HTTP_PROXY") == 0 &&
           strcmp(f.local_variables.v[1], "ANTHROPIC_BASE_URL") == 0,
       "the names are kept, and not the values");
    arena_release(&a);
}

static void bridge(struct opts *o, struct facts *f, struct arena *a)
{
    static struct fact_dotenv dotenv[] = {{"DB", false, true}, {"OTHER", false, false}};

    f->dotenv = dotenv;
    f->dotenv_count = 2;
    o->network = NETWORK_BRIDGE;
    strv_add(&f->env_names, a, "HTTPS_PROXY");
    strv_add(&f->env_names, a, "UNUSED_URL");
    strv_add(&f->local_variables, a, "HTTPS_PROXY");
    strv_add(&f->local_variables, a, "UNUSED_URL");
    strv_add(&o->env, a, "B=http://[::1]:1");
    strv_add(&o->env, a, "C=c");
}

static void many(struct opts *o, struct facts *f, struct arena *a)
{
    static struct fact_dotenv dotenv[9];

    bridge(o, f, a);
    for (size_t i = 0; i < sizeof(dotenv) / sizeof(dotenv[0]); i++) {
        dotenv[i] = (struct fact_dotenv){arena_printf(a, "D%zu", i), false, true};
    }
    f->dotenv = dotenv;
    f->dotenv_count = sizeof(dotenv) / sizeof(dotenv[0]);
    o->env.count = 0;
}

static void remote(struct opts *o, struct facts *f, struct arena *a)
{
    bridge(o, f, a);
    f->engine.kind = SANDBOX_REMOTE_CONTAINER;
    f->engine.remote_why = "the engine is reached over ssh";
}

static void desktop(struct opts *o, struct facts *f, struct arena *a)
{
    bridge(o, f, a);
    o->network = NETWORK_AUTO;
    f->engine.host_network_real = false;
    f->dotenv_count = 0;
    o->env.count = 0;
}

static void host(struct opts *o, struct facts *f, struct arena *a)
{
    bridge(o, f, a);
    o->network = NETWORK_HOST;
}

static void line_is(void (*change)(struct opts *o, struct facts *f, struct arena *a),
                    const char *text, const char *what)
{
    planned_init(&t, change);
    ok(planned_build(&t) == 0, "the plan is built %s", t.e.text);
    is_str(t.p.missing.count > 0 ? t.p.missing.list[0].text : NULL, text, what);
    planned_release(&t);
}

static void line_names_the_variables_that_pass(void)
{
    line_is(
        bridge,
        "B, DB, HTTPS_PROXY name this machine's localhost, which a bridge does not reach. Use "
        "--network host, or host.docker.internal as the name if the server does not listen "
        "on localhost alone",
        "variables of the host, of .env and of --env");
    line_is(
        many,
        "D0, D1, D2, D3, D4, D5 and 4 more name this machine's localhost, which a bridge does "
        "not reach. Use --network host, or host.docker.internal as the name if the server does "
        "not listen on localhost alone",
        "a .env with many");
    line_is(desktop,
            "HTTPS_PROXY names this machine's localhost, which a bridge does not reach. Use "
            "host.docker.internal as the name",
            "a bridge that the engine needs");
    line_is(
        remote,
        "B, DB, HTTPS_PROXY name this machine's localhost, which a bridge does not reach. Use "
        "an address of this machine that the engine's machine reaches",
        "a remote engine");
    line_is(host, NULL, "no line if localhost is reached");
    line_is(NULL, NULL, "no line for the ordinary case");
}

int main(void)
{
    names_of_variables_are_found();
    line_names_the_variables_that_pass();
    return done_testing();
}
