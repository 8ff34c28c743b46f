/* SPDX-License-Identifier: MIT */
#include "creds/aws_config.h"

#include "tap.h"

static struct arena a;

#define CONFIG                                                                                 \
    "[default]\nregion = x\n[profile work]\nrole_arn=arn:1\n source_profile = hidden\n"        \
    "source_profile = base \n\n[sso-session work]\nsso_start_url = y\n[ profile  base ]\n"     \
    "aws_access_key_id = k\naws_secret_access_key = s=1\n[other]\naws_access_key_id = o"

static void values_are_found(void)
{
    is_str(aws_config_value(str_c(CONFIG), "work", "source_profile", &a), "base",
           "a value of a profile, but not one of a nested setting");
    is_str(aws_config_value(str_c(CONFIG), "base", "aws_secret_access_key", &a), "s=1",
           "a value with '='");
    is_str(aws_config_value(str_c(CONFIG), "other", "aws_access_key_id", &a), "o",
           "a section without the word profile, as in the credentials file");
    ok(aws_config_value(str_c(CONFIG), "work", "sso_start_url", &a) == NULL,
       "a section of another kind is not a profile");
    is_str(aws_config_value(str_c(CONFIG), "sso-session work", "sso_start_url", &a), "y",
           "but is found by its kind");
    ok(aws_config_value(str_c(CONFIG), "gone", "region", &a) == NULL, "a missing profile");
    ok(aws_config_has(str_c(CONFIG), "base") && !aws_config_has(str_c(CONFIG), "wor"),
       "profiles are found by their whole name");
}

static void only_the_profiles_are_kept(void)
{
    struct buf out;

    buf_init(&out, 4096);
    ok(aws_config_keep(str_c(CONFIG), "work\nbase", &out) == 0, "sections are kept");
    is_str(buf_c(&out),
           "[profile work]\nrole_arn=arn:1\n source_profile = hidden\nsource_profile = base \n"
           "\n[ profile  base ]\naws_access_key_id = k\naws_secret_access_key = s=1\n",
           "and no others");
    buf_reset(&out);
    ok(aws_config_keep(str_c("aws_access_key_id = k\n[a"), "", &out) == 0 && out.len == 0,
       "lines in front of all sections are not");
    buf_release(&out);
    buf_init(&out, 4);
    ok(aws_config_keep(str_c(CONFIG), "work", &out) < 0, "the size is limited");
    buf_release(&out);
}

static void any_text_is_read(void)
{
    static const char alphabet[] = "[]a= \n\tprofile ";
    unsigned state = 3;
    bool within = true;

    for (int round = 0; round < 20000; round++) {
        char text[40];
        struct buf out;
        size_t len = 0;

        buf_init(&out, sizeof(text) + 1);
        state = state * 1103515245 + 12345;
        for (; len < (state >> 16) % sizeof(text); len++) {
            state = state * 1103515245 + 12345;
            text[len] = alphabet[(state >> 16) % (sizeof(alphabet) - 1)];
        }
        within =
            within && aws_config_keep(str_n(text, len), "a", &out) == 0 && out.len <= len + 1;
        (void)aws_config_value(str_n(text, len), "a", "a", &a);
        buf_release(&out);
    }
    ok(within, "no text gives more than it contains");
}

int main(void)
{
    values_are_found();
    only_the_profiles_are_kept();
    any_text_is_read();
    arena_release(&a);
    return done_testing();
}
