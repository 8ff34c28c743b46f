/* SPDX-License-Identifier: MIT */
#include "host/local_addresses.h"

#include "base/str.h"
#include "wire/dotenv.h"
#include "wire/loopback.h"

void local_addresses_probe(char *const *env, struct arena *a, struct facts *f)
{
    for (size_t i = 0; env[i] != NULL; i++) {
        struct str rest = str_c(env[i]);
        struct str name = {0};

        if (str_cut(&rest, '=', &name) && dotenv_is_key(name) && loopback_is_address(rest)) {
            strv_add(&f->local_variables, a, arena_str(a, name));
        }
    }
}
