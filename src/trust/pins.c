/* SPDX-License-Identifier: MIT */
#include "trust/pins.h"

#include "base/str.h"
#include "trust/digest.h"
#include "trust/trust_record.h"

#include <string.h>
#include <sys/stat.h>

#define KIND "pins"

static int digest(const struct lookup *l, char out[SHA256_HEX], struct err *e)
{
    return S_ISDIR(l->id.mode) ? digest_dir(l->physical, out, e)
                               : digest_file(l->physical, NULL, out, e);
}

/* Returns the identity as a text of the record. */
static const char *identity(struct arena *a, const struct tree_id *id)
{
    /* A device can have another number after a restart, so it counts only without a time. */
    return arena_printf(a, "%llu %llu %llu",
                        id->born_ns != 0 ? 0ULL : (unsigned long long)id->device,
                        (unsigned long long)id->inode, (unsigned long long)id->born_ns);
}

int pin_make(const char *state_dir, const char *path, struct err *e)
{
    struct arena a = {0};
    const struct lookup l = lookup_path(&a, NULL, path, LOOKUP_OBEYED);
    char sha256[SHA256_HEX];
    int rc = -1;

    if (l.physical == NULL) {
        (void)err_set(e, ERR_NOT_FOUND, "%s: no such file or directory", path);
    } else if (digest(&l, sha256, e) == 0) {
        const struct trust_field fields[] = {
            {"target", l.physical},
            {"type", S_ISDIR(l.id.mode) ? "directory" : "file"},
            {"identity", identity(&a, &l.id)},
            {"digest", sha256},
        };
        const struct trust_record r = {
            .key = path, .fields = fields, .count = sizeof(fields) / sizeof(fields[0])};

        rc = trust_record_write(state_dir, KIND, &r, e);
    }
    arena_release(&a);
    return rc;
}

static bool is_field(const struct trust_record *r, const char *name, const char *value)
{
    const char *kept = trust_record_get(r, name);

    return kept != NULL && strcmp(kept, value) == 0;
}

/* Compares a record with what its path leads to. */
static enum pin_state compare(const struct trust_record *r, const struct lookup *l,
                              struct arena *a, char sha256[SHA256_HEX])
{
    struct err ignored = {0};

    return l->physical != NULL && is_field(r, "target", l->physical) &&
                   is_field(r, "identity", identity(a, &l->id)) &&
                   digest(l, sha256, &ignored) == 0 && is_field(r, "digest", sha256)
               ? PIN_HOLDS
               : PIN_CHANGED;
}

enum pin_state pin_check(const char *state_dir, const struct lookup *found,
                         char sha256[SHA256_HEX])
{
    struct arena a = {0};
    struct trust_record r;
    enum pin_state state = PIN_NONE;

    if (trust_record_read(state_dir, KIND, found->path, &a, &r)) {
        state = compare(&r, found, &a, sha256);
    }
    arena_release(&a);
    return state;
}

int pin_remove(const char *state_dir, const char *path, struct err *e)
{
    struct arena a = {0};
    struct trust_record r;
    const bool existed = trust_record_read(state_dir, KIND, path, &a, &r);

    arena_release(&a);
    return trust_record_remove(state_dir, KIND, path, e) < 0 ? -1 : existed;
}

struct pin *pin_list(const char *state_dir, struct arena *a, size_t *count)
{
    struct trust_record *all = trust_record_list(state_dir, KIND, a, count);
    struct pin *pins = arena_array(a, *count, sizeof(*pins));

    for (size_t i = 0; i < *count; i++) {
        const struct lookup l = lookup_path(a, NULL, all[i].key, LOOKUP_OBEYED);
        const char *target = trust_record_get(&all[i], "target");
        const char *kept = trust_record_get(&all[i], "digest");
        char sha256[SHA256_HEX];

        pins[i] = (struct pin){
            .path = all[i].key,
            .target = target != NULL ? target : "",
            .sha256 = kept != NULL ? kept : "",
            .state = compare(&all[i], &l, a, sha256),
            .is_dir = is_field(&all[i], "type", "directory"),
        };
    }
    return pins;
}
