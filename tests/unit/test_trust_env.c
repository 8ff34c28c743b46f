/* SPDX-License-Identifier: MIT */
#include "trust/trust_env.h"

#include "tap.h"

int main(void)
{
    static const char *const need[] = {
        "ANTHROPIC_BASE_URL",
        "ANTHROPIC_NEW_THING",
        "CLAUDE_CONFIG_DIR",
        "HTTPS_PROXY",
        "https_proxy",
        "Some_Proxy",
        "LD_PRELOAD",
        "PATH",
        "NODE_OPTIONS",
        "npm_config_registry",
        "GIT_DIR",
        "PYTHONPATH",
        "CURL_CA_BUNDLE",
        "MY_CA_CERTS",
        "JAVA_TOOL_OPTIONS",
        "_JAVA_OPTIONS",
        "CARGO",
        "CARGO_HOME",
        "CFLAGS",
        "CGO_CFLAGS",
        "BASH_ENV",
        "ENV",
        "AWS_PROFILE",
        "GIT_AUTHOR_X",
        "LESSOPEN",
        "GTK_FOO_MODULES",
        "PS4",
        "CLAUBBIT",
        "USE_LOCAL_OAUTH",
        "VOICE_STREAM_BASE_URL",
        "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
        "FCEDIT",
        "LESSEDIT",
        "JAVACMD",
        "PROTOC",
        "GOPACKAGESDRIVER",
        "RCLONE_PASSWORD_COMMAND",
        "ESBUILD_BINARY_PATH",
        "LIBCLANG_PATH",
        "MAGICK_CONFIGURE_PATH",
        "VIMRUNTIME",
        "AWKLIBPATH",
        "KAFKA_OPTS",
        "shell_escape",
        "ASAN_SYMBOLIZER_PATH",
    };
    static const char *const harmless[] = {
        "",
        "A",
        "DATABASE_URL",
        "ANTHROPIC_MODEL",
        "NODE_ENV",
        "PATHS",
        "MY_PATH",
        "LESSON",
        "GIT_AUTHOR_NAME",
        "PYTHONUNBUFFERED",
        "PROXY_PORT",
        "PS5",
        "MAIL_CC",
        "GS_BUCKET_NAME",
        "PUB_KEY",
        "PLAYWRIGHT_BASE_URL",
        "ENVIRONMENT",
        "MCP_TIMEOUT",
        "ANTHROPIC_DEFAULT_X_MODEL",
        "LDX",
        "CLAUDE",
        "XPYTHON",
        "BASH_MAX_TIMEOUT_MS",
    };

    for (size_t i = 0; i < sizeof(need) / sizeof(need[0]); i++) {
        const struct trust_env_rule *rule = trust_env_rule(str_c(need[i]));

        ok(rule != NULL && rule->effect != NULL, "%s needs trust", need[i]);
    }
    for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
        ok(trust_env_rule(str_c(harmless[i])) == NULL, "%s is harmless", harmless[i]);
    }
    ok(!trust_env_rule(str_c("ANTHROPIC_API_KEY"))->shows_value, "a key is not shown");
    ok(trust_env_rule(str_c("ANTHROPIC_BASE_URL"))->shows_value, "a destination is shown");
    return done_testing();
}
