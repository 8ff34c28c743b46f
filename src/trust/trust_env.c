/* SPDX-License-Identifier: MIT */
#include "trust/trust_env.h"

#include <stddef.h>

#define HARMLESS NULL, false
#define CONNECTS "claude connects differently, or as somebody else", false
#define LOADS "programs obey it, or load code from it:", true
#define RUNS "is run or looked up in place of the usual program:", true
#define OBEYS "programs obey it when they start or build", false

/* The first rule that matches counts. Sources: the manual page of each program, the list of
 * variables in Claude Code's documentation, ld.so(8), bash(1), git(1), node(1). */
static const struct trust_env_rule rules[] = {
    /* claude */
    {"ANTHROPIC_MODEL ANTHROPIC_SMALL_FAST_MODEL ANTHROPIC_DEFAULT_*_MODEL "
     "CLAUDE_CODE_MAX_OUTPUT_TOKENS CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC "
     "CLAUDE_CODE_DISABLE_TERMINAL_TITLE CLAUDE_CODE_DISABLE_BACKGROUND_TASKS "
     "CLAUDE_CODE_EFFORT_LEVEL CLAUDE_CODE_SUBAGENT_MODEL MCP_TIMEOUT MCP_TOOL_TIMEOUT",
     HARMLESS},
    {"ANTHROPIC_BASE_URL ANTHROPIC_*_BASE_URL ANTHROPIC_*_URL ANTHROPIC_UNIX_SOCKET "
     "ANTHROPIC_FOUNDRY_RESOURCE CLAUDE_*_URL CLAUDE_*_ENDPOINT VOICE_STREAM_BASE_URL "
     "SESSION_INGRESS_URL TEAM_MEMORY_SYNC_URL AGENT_PROXY_URL",
     "the login goes to", true},
    {"ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN CLAUDE_CODE_OAUTH_* ANTHROPIC_*_KEY "
     "ANTHROPIC_*_TOKEN",
     "claude uses this login in place of yours", false},
    {"CLAUDE_CONFIG_DIR", "claude takes its settings and its login from", true},
    {"ANTHROPIC_* CLAUDE_* CLAUDECODE CLAUBBIT IS_DEMO USE_LOCAL_OAUTH USE_STAGING_OAUTH "
     "LOCAL_BRIDGE AGENT_PROXY_* CCR_* VCR_RECORD",
     CONNECTS},
    {"MCP_* ENABLE_*_MCP_SERVERS", "MCP servers work differently", false},
    {"OTEL_* ANT_OTEL_* BETA_TRACING_*", "claude's telemetry goes elsewhere or contains more",
     false},
    {"CCO_*", "a cco inside of the sandbox obeys it", false},

    /* clouds and proxies */
    {"AWS_* AZURE_* GOOGLE_APPLICATION_CREDENTIALS GOOGLE_CLOUD_* GCLOUD_* CLOUDSDK_* "
     "GCE_METADATA_* CLOUD_ML_REGION VERTEX_* BEDROCK_* MSI_* IDENTITY_ENDPOINT "
     "IDENTITY_HEADER METADATA_SERVER_DETECTION VAULT_ADDR",
     "a cloud's login goes elsewhere, or another one is used", false},
    {"*_PROXY SOCKS_SERVER", "connections go through", true},

    /* certificates, names, secrets of connections */
    {"NODE_TLS_REJECT_UNAUTHORIZED GIT_SSL_NO_VERIFY PYTHONHTTPSVERIFY *_INSECURE "
     "NODE_NO_*VERIFY*",
     "the certificates of servers are not checked:", true},
    {"NODE_EXTRA_CA_CERTS NODE_USE_SYSTEM_CA *CA_BUNDLE* *CA_CERT* *CACERT* *CAINFO* "
     "*CAPATH* *SSL_CERT* *SSL_ROOTS* *SSLROOTCERT* SSL_CA* *_CAFILE GIT_SSL_* DENO_CERT "
     "DENO_TLS_* PIP_CERT",
     "servers are believed by the certificates in", true},
    {"SSLKEYLOGFILE", "the keys of encrypted connections are written to", true},
    {"SSL_* OPENSSL_* GNUTLS_* HOSTALIASES LOCALDOMAIN RES_OPTIONS RESOLV_*",
     "connections work differently", false},

    /* the dynamic linker and the C library */
    {"LD_* DYLD_* *_PRELOAD GLIBC_TUNABLES GCONV_PATH LOCPATH NLSPATH GETCONF_DIR "
     "MALLOC_TRACE MALLOC_CHECK_ TZDIR QEMU_* LIBPATH SHLIB_PATH FAKEROOT* FAKECHROOT* "
     "TEXTDOMAINDIR *SAN_OPTIONS *_SYMBOLIZER_PATH VALGRIND_*",
     LOADS},

    /* programs that are found, and shells */
    {"PATH SHELL *EDITOR VISUAL *PAGER *BROWSER *ASKPASS *_SHELL RSH *_RSH FCEDIT LESSEDIT "
     "LESSECHO LESSGLOBALTAGS TEXEDIT *_COMMAND *_PASSCOMMAND *_WRAPPER *_EXE *_EXECUTABLE "
     "*_EXECUTABLE_PATH *_BINARY *_BINARY_PATH *_BIN CHROME_PATH DS_CHROMIUM_PATH JAVACMD "
     "PROTOC GOPACKAGESDRIVER KUBECTL_EXTERNAL_DIFF NPM_EXECPATH NPM_NODE_EXECPATH",
     RUNS},
    {"BASH_DEFAULT_TIMEOUT_MS BASH_MAX_TIMEOUT_MS BASH_MAX_OUTPUT_LENGTH", HARMLESS},
    {"BASH_* BASHOPTS SHELLOPTS ENV PROMPT_COMMAND PS0 PS1 PS2 PS3 PS4 IFS CDPATH "
     "GLOBIGNORE EXECIGNORE HISTFILE INPUTRC ZDOTDIR FPATH TERMINFO TERMINFO_DIRS TERMCAP "
     "LESS LESSOPEN LESSCLOSE LESSKEY* MANOPT MANROFFOPT TAR_OPTIONS TAPE ZIPOPT MAGIC "
     "FZF_* BAT_* DELTA_FEATURES RIPGREP_CONFIG_PATH ACKRC ACK_* CURL_HOME WGETRC "
     "SYSTEM_WGETRC NETRC RSYNC_* RCLONE_* RESTIC_* BORG_* PARALLEL PARALLEL_HOME MAILCAPS "
     "MAILRC LYNX_* SUDO_* TMUX TMUX_* STARSHIP_* FISH_*",
     LOADS},
    {"HOME XDG_* TMPDIR TMP TEMP TEMPDIR DBUS_* GNUPGHOME GPG_* PASSWORD_STORE_*",
     "programs look for their files in", true},

    /* version control and ssh */
    {"GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_AUTHOR_DATE GIT_COMMITTER_NAME "
     "GIT_COMMITTER_EMAIL GIT_COMMITTER_DATE",
     HARMLESS},
    {"GIT_*", "git obeys it, and it can run programs", false},
    {"SSH_* SVN_* CVS_* HGRCPATH HGEDITOR HGMERGE HGPLAIN* JJ_* GH_HOST GH_PATH "
     "GH_CONFIG_DIR GLAB_* GITLAB_HOST SSHPASS AUTOSSH_*",
     "ssh or a version control system obeys it", false},

    /* languages: interpreters, package managers, compilers */
    {"NODE_ENV NODE_NO_WARNINGS PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONIOENCODING "
     "PYTHONUTF8 PYTHONHASHSEED PYTHONASYNCIODEBUG MIX_ENV",
     HARMLESS},
    {"NODE_* NODEJS_* BUN_* DENO_* NPM_CONFIG_* YARN_* PNPM_* COREPACK_* VOLTA_* NVM_* "
     "FNM_* ELECTRON_* TS_NODE_* TSX_* ESLINT_*",
     LOADS},
    {"PYTHON* VIRTUAL_ENV CONDA_* MAMBA_* PIP_* PIPX_* PIPENV_* UV_* POETRY_* PDM_* "
     "HATCH_* PYENV_* PYTEST_* IPYTHON* JUPYTER_* MYPYPATH COVERAGE_* PDB* VIRTUALENV_* "
     "TOX_* NOX* MPLBACKEND PRE_COMMIT_* TWINE_*",
     LOADS},
    {"PERL* RUBY* GEM_* BUNDLE_* BUNDLER_* RBENV_* IRBRC PRYRC PHPRC PHP_INI_* COMPOSER_* "
     "LUA_* LUAROCKS_* TCL* GUILE_* R_* RENV_* JULIA_* HARNESS_* RAKU* PLTADDONDIR "
     "PLTCOLLECTS SWI_* OCTAVE_* CLJ_* CLOJURE* CRYSTAL_* ERL_* ELIXIR_ERL_* MIX_* HEX_* "
     "REBAR* OCAML* CAML* OPAM* GHC* CABAL_* STACK_* EMACS* VIM VIMINIT VIMRUNTIME EXINIT "
     "GVIMINIT MYVIMRC NVIM_* HELIX_* TEXMF* TEXINPUTS SHELL_ESCAPE OPENOUT_ANY",
     LOADS},
    {"*JAVA_OPTIONS *_OPTS JAVA_TOOL_OPTIONS JAVA_HOME JAVA_ARGS JDK_* JRE_HOME JVM_ARGS "
     "CLASSPATH MAVEN_* MVN_* M2_HOME GRADLE_* SBT_* ANT_* KOTLIN_* SCALA_* GROOVY_* "
     "LEIN_* DOTNET_* COMPLUS_* CORECLR_* COR_* NUGET_* MSBUILD* MONO_*",
     LOADS},
    {"CARGO CARGO_* RUSTC* RUSTDOC* RUSTFLAGS RUSTUP_* CLIPPY_* GOFLAGS GOPATH GOROOT "
     "GOENV GOBIN GOTOOLCHAIN GOTOOLDIR GOPROXY GOSUMDB GONOSUM* GONOSUMCHECK GONOPROXY "
     "GOPRIVATE GOINSECURE GOAUTH GOVCS GOEXPERIMENT GOCACHEPROG GOCACHE GOMODCACHE GOWORK "
     "GODEBUG GCCGO GOTMPDIR ZIG_* PUB_HOSTED_URL PUB_CACHE FLUTTER_* DART_* SWIFT_EXEC "
     "SWIFTC ELAN_* LEAN_*",
     LOADS},
    {"CC CXX CPP LD AR AS NM FC F77 RANLIB STRIP OBJCOPY MAKE MAKEFLAGS MFLAGS "
     "GNUMAKEFLAGS MAKEFILES *CFLAGS *CXXFLAGS *CPPFLAGS *LDFLAGS *FFLAGS CGO_* CMAKE_* "
     "NINJA_* MESON* CCACHE_* SCCACHE_* DISTCC_* GCC_* CLANG_* COMPILER_PATH LIBRARY_PATH "
     "CPATH *_INCLUDE_PATH PKG_CONFIG* CONFIG_SITE CONFIG_SHELL ACLOCAL_PATH AUTOCONF "
     "AUTOMAKE M4 M4PATH AUTOM4TE* LEX YACC LIBTOOL* AWKPATH AWKLIBPATH BAZEL* "
     "USE_BAZEL_VERSION BUCK_* CC_*_LINUX_* CXX_*_LINUX_* AR_*_LINUX_* HOST_CC HOST_CXX "
     "TARGET_CC TARGET_CXX *_LINKER BINDGEN_* LIBCLANG_* LLVM_* NVCC_* ESBUILD_* "
     "PRISMA_*_LIBRARY PRISMA_*_MIRROR PUPPETEER_*_URL PUPPETEER_*_HOST PLAYWRIGHT_*_HOST "
     "PLAYWRIGHT_BROWSERS_PATH CYPRESS_INSTALL_* SHARP_* TURBO_API ASDF_* MISE_* RTX_* "
     "DIRENV_* GOENV_* JENV_* NODENV_* SDKMAN_* HOMEBREW_* N_PREFIX",
     OBEYS},

    /* other tools, and libraries with plugins */
    {"DOCKER_* CONTAINER_HOST CONTAINERS_* BUILDKIT_HOST BUILDX_* KUBECONFIG HELM_* "
     "TF_CLI_* TF_PLUGIN* TF_REATTACH_PROVIDERS TERRAFORM_CONFIG TOFU_* ANSIBLE_* PACKER_* "
     "VAGRANT_* NIX_* GUIX_*",
     OBEYS},
    {"GTK_MODULES GTK_PATH GTK_*_MODULES GIO_* GDK_PIXBUF_* GI_TYPELIB_PATH GST_PLUGIN* "
     "QT_*PLUGIN* QML*_IMPORT_PATH MAGICK_* GS_LIB GS_OPTIONS GS_DEVICE GVBINDIR SDL_* "
     "FONTCONFIG_* ALSA_CONFIG_* GBM_* PKCS11* P11_KIT_* NSS_* DISPLAY WAYLAND_DISPLAY "
     "VK_ICD_* VK_LAYER_* VK_ADD_* VK_DRIVER_* LIBGL_* *_DRIVERS_PATH OCL_* OPENCL_* "
     "CUDA_INJECTION* MPLCONFIGDIR KRB5* SASL_PATH SASL_CONF_PATH LDAPCONF LDAPRC "
     "LDAPTLS_* ODBCINI ODBCSYSINI ODBCINSTINI PGSERVICE* PGSYSCONFDIR PGPASSFILE PGSSL* "
     "PSQLRC MYSQL_HOME LIBMYSQL_*",
     LOADS},
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Matches without regard to case. '*' stands for any bytes, also none. */
static bool matches(struct str pattern, struct str name)
{
    size_t p = 0;
    size_t n = 0;
    size_t star = pattern.len; /* the position of the last '*'; pattern.len: none yet */
    size_t from = 0;           /* where the bytes after that '*' are tried next */

    while (n < name.len) {
        if (p < pattern.len && pattern.p[p] == '*') {
            star = p++;
            from = n;
        } else if (p < pattern.len && lower(pattern.p[p]) == lower(name.p[n])) {
            p++;
            n++;
        } else if (star < pattern.len) {
            p = star + 1;
            n = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.p[p] == '*') {
        p++;
    }
    return p == pattern.len;
}

const struct trust_env_rule *trust_env_rule(struct str name)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        struct str rest = str_c(rules[i].names);
        struct str pattern = {0};

        while (rest.len > 0) {
            (void)str_cut(&rest, ' ', &pattern);
            if (pattern.len > 0 && matches(pattern, name)) {
                return rules[i].effect != NULL ? &rules[i] : NULL;
            }
        }
    }
    return NULL;
}
