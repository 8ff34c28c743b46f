/* SPDX-License-Identifier: MIT */
#include "host/audit_table.h"

#include <string.h>

/* A file is in this table if a program of the host reads it without being asked, or as a part
 * of something that the user does anyway (git status, opening the directory in an editor,
 * changing into it), and may then execute what the file says. Files that only have an effect if
 * the user asks for it (make, npm run, tests) are not in it. */
const struct audit_rule audit_rules[] = {
    {".git", "git", "takes its repository from there"},
    {".git/config", "git", "obeys it: fsmonitor, aliases, filters, hooks"},
    {".git/hooks/*", "git", "runs it"},
    {".git/config.worktree", "git", "obeys it: fsmonitor, aliases, filters, hooks"},
    {".git/commondir", "git", "takes hooks and configuration from the directory it names"},
    {".git/info/attributes", "git", "runs the filters it names"},
    {".git/rebase-merge/git-rebase-todo", "git", "runs its exec lines"},
    {".git/worktrees/*/commondir", "git",
     "takes hooks and configuration from the directory it names"},
    {".git/worktrees/*/gitdir", "git", "takes the worktree from the path it names"},
    {".git/worktrees/*/config.worktree", "git", "obeys it: fsmonitor, aliases, filters, hooks"},
    {".git/modules/**/config", "git", "obeys it in a submodule"},
    {".git/modules/**/hooks/*", "git", "runs it in a submodule"},
    {".git/modules/**/config.worktree", "git", "obeys it in a submodule"},
    {".git/lazygit.yml", "lazygit", "runs its commands"},
    {".gitconfig", "git", "obeys it if the configuration includes it"},
    {"HEAD", "git", "takes the directory for a bare repository and obeys its config"},
    {"*/.git", "git", "takes that directory's repository from there"},
    {"*/.git/config", "git", "obeys it in that directory"},
    {"*/.git/hooks/*", "git", "runs it in that directory"},
    {"*/HEAD", "git", "takes the directory for a bare repository and obeys its config"},
    {".hg/hgrc", "Mercurial", "obeys it: hooks, extensions"},
    {".hg/hgrc-not-shared", "Mercurial", "obeys it: hooks, extensions"},
    {".hg/sharedpath", "Mercurial", "takes its repository from there"},
    {".jj/repo/config.toml", "Jujutsu", "obeys it: aliases, tools"},
    {".jj/config.toml", "Jujutsu", "obeys it: aliases, tools"},
    {".sl/config", "Sapling", "obeys it: hooks, extensions"},
    {".bzr/branch/branch.conf", "Breezy", "obeys it"},
    {".githooks/**", "git", "runs it if core.hooksPath says so"},
    {".git-hooks/**", "Overcommit", "runs it as a git hook"},
    {".husky/**", "husky", "runs it as a git hook"},
    {".huskyrc*", "husky", "runs it with every git hook"},
    {"lefthook.*", "Lefthook", "runs its commands as git hooks"},
    {".lefthook.*", "Lefthook", "runs its commands as git hooks"},
    {"lefthook-local.*", "Lefthook", "runs its commands as git hooks"},
    {".lefthook-local.*", "Lefthook", "runs its commands as git hooks"},
    {".config/lefthook*", "Lefthook", "runs its commands as git hooks"},
    {".lefthook/**", "Lefthook", "runs it as a git hook"},
    {".lefthook-local/**", "Lefthook", "runs it as a git hook"},
    {".pre-commit-config.yaml", "pre-commit", "runs its commands as git hooks"},
    {"prek.toml", "prek", "runs its commands as git hooks"},
    {".overcommit.yml", "Overcommit", "runs its commands as git hooks"},
    {".simple-git-hooks.*", "simple-git-hooks", "installs its commands as git hooks"},
    {"simple-git-hooks.*", "simple-git-hooks", "installs its commands as git hooks"},
    {".lintstagedrc*", "lint-staged", "runs its commands in a git hook"},
    {"lint-staged.config.*", "lint-staged", "runs it in a git hook"},
    {"commitlint.config.*", "commitlint", "runs it in a git hook"},
    {".commitlintrc*", "commitlint", "runs what it names in a git hook"},
    {"captainhook.json", "CaptainHook", "runs its commands as git hooks"},
    {"grumphp.yml", "GrumPHP", "runs its tasks in a git hook"},
    {".claude/settings.json", "claude", "runs its hooks and helpers"},
    {".claude/settings.local.json", "claude", "runs its hooks and helpers"},
    {".mcp.json", "claude", "starts its servers"},
    {".claude/hooks/**", "claude", "runs it as a hook"},
    {".claude/commands/**", "claude", "obeys it"},
    {".claude/agents/**", "claude", "obeys it"},
    {".claude/skills/**", "claude", "obeys and runs it"},
    {".claude/plugins/**", "claude", "obeys and runs it"},
    {".claude/output-styles/**", "claude", "obeys it"},
    {".claude/rules/**", "claude", "obeys it"},
    {".claude/workflows/**", "claude", "obeys and runs it"},
    {"*/.claude/settings.json", "claude", "runs its hooks and helpers in that directory"},
    {"*/.claude/settings.local.json", "claude", "runs its hooks and helpers in that directory"},
    {"*/.mcp.json", "claude", "starts its servers in that directory"},
    {".cursor/mcp.json", "Cursor", "starts its servers"},
    {".cursor/hooks.json", "Cursor", "runs its hooks"},
    {".cursor/hooks/**", "Cursor", "runs it as a hook"},
    {".cursor/environment.json", "Cursor", "runs its commands"},
    {".cursor/worktrees.json", "Cursor", "runs its commands"},
    {".gemini/settings.json", "gemini", "starts its servers and tools"},
    {".gemini/.env", "gemini", "takes its environment from it"},
    {".gemini/commands/**", "gemini", "obeys it"},
    {".gemini/hooks/**", "gemini", "runs it as a hook"},
    {".gemini/extensions/**", "gemini", "obeys and runs it"},
    {".codex/config.toml", "codex", "starts its servers"},
    {".codex/hooks.json", "codex", "runs its hooks"},
    {".codex/hooks/**", "codex", "runs it as a hook"},
    {".codex/skills/**", "codex", "obeys and runs it"},
    {".agents/skills/**", "coding agents", "obey and run it"},
    {".github/hooks/*", "Copilot", "runs its hooks"},
    {".copilot/mcp-config.json", "Copilot", "starts its servers"},
    {"opencode.json", "opencode", "starts its servers and plugins"},
    {"opencode.jsonc", "opencode", "starts its servers and plugins"},
    {".opencode/**", "opencode", "obeys and runs it"},
    {".qwen/settings.json", "qwen", "starts its servers and tools"},
    {".amp/settings.json", "Amp", "starts its servers"},
    {".factory/**", "Factory", "obeys and runs it"},
    {".kiro/settings/mcp.json", "Kiro", "starts its servers"},
    {".kiro/hooks/*", "Kiro", "runs its hooks"},
    {".windsurf/hooks.json", "Windsurf", "runs its hooks"},
    {".windsurf/mcp_config.json", "Windsurf", "starts its servers"},
    {".roo/mcp.json", "Roo", "starts its servers"},
    {".clinerules/hooks/*", "Cline", "runs it as a hook"},
    {".continue/config.*", "Continue", "starts its servers"},
    {".continue/mcpServers/*", "Continue", "starts its servers"},
    {".junie/mcp/*", "Junie", "starts its servers"},
    {".trae/mcp.json", "Trae", "starts its servers"},
    {".crush.json", "crush", "starts its servers"},
    {"crush.json", "crush", "starts its servers"},
    {".pi/settings.json", "pi", "runs its extensions"},
    {".pi/extensions/**", "pi", "runs it"},
    {".aider.conf.yml", "aider", "runs its lint and test commands"},
    {".envrc", "direnv", "sources it"},
    {".envrc.*", "direnv", "sources it if .envrc says so"},
    {"*/.envrc", "direnv", "sources it in that directory"},
    {".direnv/*", "direnv", "sources it if .envrc uses a layout"},
    {".env", "shell plugins", "source it"},
    {".autoenv*", "autoenv", "sources it"},
    {".env.leave", "autoenv", "sources it"},
    {".shadowenv.d/*", "shadowenv", "evaluates it"},
    {"mise*.toml", "mise", "runs its hooks and tools"},
    {".mise*.toml", "mise", "runs its hooks and tools"},
    {".config/mise*.toml", "mise", "runs its hooks and tools"},
    {".config/mise/**", "mise", "runs its hooks and tools"},
    {"mise/config*.toml", "mise", "runs its hooks and tools"},
    {".mise/config*.toml", "mise", "runs its hooks and tools"},
    {".tool-versions", "mise and asdf", "use the program versions it names"},
    {"flake.nix", "direnv and nix", "evaluate it"},
    {"shell.nix", "direnv and nix", "evaluate it"},
    {"devenv.nix", "direnv and devenv", "evaluate it"},
    {"devbox.json", "direnv and devbox", "run its init hook"},
    {".flox/env/manifest.toml", "flox", "runs its hooks"},
    {".vscode/tasks.json", "VS Code", "runs its tasks"},
    {".vscode/settings.json", "VS Code", "runs the programs it names"},
    {".vscode/launch.json", "VS Code", "runs the programs it names"},
    {".vscode/mcp.json", "VS Code", "starts its servers"},
    {".vscode/*", "VS Code", "obeys it"},
    {"*.code-workspace", "VS Code", "runs its tasks and the programs it names"},
    {".theia/*", "Theia", "runs its tasks and the programs it names"},
    {".devcontainer.json", "dev containers", "run its initializeCommand"},
    {".devcontainer/**", "dev containers", "run its initializeCommand and build with it"},
    {".idea/runConfigurations/*", "JetBrains IDEs", "run it"},
    {".idea/watcherTasks.xml", "JetBrains IDEs", "run its file watchers"},
    {".idea/startup.xml", "JetBrains IDEs", "run its startup tasks"},
    {".idea/workspace.xml", "JetBrains IDEs", "run its configurations and startup tasks"},
    {".idea/externalDependencies.xml", "JetBrains IDEs", "load the plugins it names"},
    {".run/*", "JetBrains IDEs", "run it"},
    {".fleet/*", "Fleet", "runs its configurations"},
    {".zed/*", "Zed", "runs its tasks and the programs it names"},
    {".helix/*", "Helix", "starts the language servers it names"},
    {".nova/**", "Nova", "runs its tasks"},
    {"*.sublime-project", "Sublime Text", "runs the programs it names"},
    {".project", "Eclipse", "runs its builders"},
    {".factorypath", "Eclipse and VS Code", "run the annotation processors it names"},
    {".externalToolBuilders/*", "Eclipse", "runs it"},
    {".kateproject", "Kate", "runs the programs it names"},
    {".exrc", "vi", "runs its commands"},
    {".vimrc", "vim", "runs its commands"},
    {".gvimrc", "vim", "runs its commands"},
    {"_vimrc", "vim", "runs its commands"},
    {".nvimrc", "Neovim", "runs its commands"},
    {".nvim.lua", "Neovim", "runs it"},
    {".lazy.lua", "Neovim", "runs it"},
    {".lvimrc", "vim", "runs its commands"},
    {".vim/**", "vim", "runs it if a plugin says so"},
    {".ycm_extra_conf.py", "YouCompleteMe", "runs it"},
    {".dir-locals.el", "Emacs", "evaluates it"},
    {".dir-locals-2.el", "Emacs", "evaluates it"},
    {".gdbinit", "gdb", "runs its commands"},
    {".lldbinit", "lldb", "runs its commands"},
    {".luarc.json", "lua-language-server", "loads the plugins it names"},
    {".luacheckrc", "luacheck", "runs it in editors"},
    {"hie.yaml", "haskell-language-server", "runs the programs it names"},
    {".ghci", "ghci", "runs its commands"},
    {".ocamlinit", "ocaml", "evaluates it"},
    {".iex.exs", "iex", "evaluates it"},
    {".formatter.exs", "mix format", "evaluates it in editors"},
    {".irbrc", "irb", "evaluates it"},
    {".pryrc", "pry", "evaluates it"},
    {".rubocop*.yml", "rubocop", "loads the code it names in editors"},
    {".solargraph.yml", "solargraph", "loads the plugins it names"},
    {".Rprofile", "R", "sources it"},
    {".Renviron", "R", "takes its environment from it"},
    {".pylintrc", "pylint", "runs its init-hook in editors"},
    {"pylintrc", "pylint", "runs its init-hook in editors"},
    {".flake8", "flake8", "loads the plugins it names in editors"},
    {"phpstan*.neon", "phpstan", "loads the code it names in editors"},
    {"phpstan.neon.dist", "phpstan", "loads the code it names in editors"},
    {".php-cs-fixer*.php", "php-cs-fixer", "runs it in editors"},
    {"eslint.config.*", "eslint", "runs it in editors"},
    {".eslintrc*", "eslint", "runs it, or the plugins it names, in editors"},
    {"prettier.config.*", "prettier", "runs it in editors"},
    {".prettierrc*", "prettier", "runs it, or the plugins it names, in editors"},
    {"stylelint.config.*", "stylelint", "runs it in editors"},
    {".stylelintrc*", "stylelint", "runs it, or the plugins it names, in editors"},
    {"tailwind.config.*", "tailwind", "runs it in editors"},
    {".venv/bin/python*", "editors", "run it as the project's Python"},
    {".venv/bin/activate*", "editors", "source it in their terminals"},
    {"venv/bin/python*", "editors", "run it as the project's Python"},
    {"venv/bin/activate*", "editors", "source it in their terminals"},
    {".npmrc", "npm and pnpm", "run the programs it names"},
    {".yarnrc", "yarn", "runs the yarn it names"},
    {".yarnrc.yml", "yarn", "runs the yarn and the plugins it names"},
    {".yarn/releases/*", "yarn", "runs it"},
    {".yarn/plugins/**", "yarn", "runs it"},
    {".yarn/sdks/**", "editors", "run it"},
    {".pnp.cjs", "node and editors", "run it"},
    {".pnp.js", "node and editors", "run it"},
    {".pnp.loader.mjs", "node", "runs it"},
    {".pnpmfile.*", "pnpm", "runs it"},
    {"pnpmfile.*", "pnpm", "runs it"},
    {"pnpm-workspace.yaml", "pnpm", "loads what it names"},
    {"bunfig.toml", "bun", "preloads what it names"},
    {"nx.json", "nx", "runs the plugins it names in editors"},
    {".bundle/config", "bundler", "obeys it"},
    {".bundle/plugin/**", "bundler", "runs it"},
    {"uv.toml", "uv", "takes packages from the place it names"},
    {"poetry.toml", "poetry", "takes packages from the place it names"},
    {".cargo/config", "cargo and rust-analyzer", "run the programs it names"},
    {".cargo/config.toml", "cargo and rust-analyzer", "run the programs it names"},
    {"rust-toolchain", "cargo and rust-analyzer", "run the toolchain it names"},
    {"rust-toolchain.toml", "cargo and rust-analyzer", "run the toolchain it names"},
    {"build.rs", "rust-analyzer", "builds and runs it"},
    {"*/build.rs", "rust-analyzer", "builds and runs it"},
    {".bazelrc", "bazel", "obeys it"},
    {".bazeliskrc", "bazelisk", "runs the bazel it names"},
    {".bazelversion", "bazelisk", "runs the bazel it names"},
    {"user.bazelrc", "bazel", "obeys it if .bazelrc says so"},
    {"tools/bazel", "bazelisk", "runs it"},
    {".buckconfig*", "buck", "obeys it"},
    {".pants.rc", "pants", "obeys it"},
    {"pants.toml", "pants", "loads what it names"},
    {".mvn/**", "Maven and IDEs", "obey and run it"},
    {"gradlew", "IDEs", "run it"},
    {"gradle/wrapper/*", "gradle and IDEs", "run what it names"},
    {"gradle.properties", "gradle and IDEs", "obey it"},
    {"settings.gradle*", "IDEs", "run it"},
    {"build.gradle*", "IDEs", "run it"},
    {".sbtopts", "sbt", "obeys it"},
    {".jvmopts", "sbt", "obeys it"},
    {".bloop/*", "bloop and Metals", "obey it"},
    {"Directory.Build.*", "dotnet and IDEs", "run its targets"},
    {"nuget.config", "dotnet and IDEs", "take packages from the place it names"},
    {"NuGet.Config", "dotnet and IDEs", "take packages from the place it names"},
    {".config/dotnet-tools.json", "dotnet", "runs the tools it names"},
    {"CMakePresets.json", "CMake and IDEs", "run the programs it names"},
    {"CMakeUserPresets.json", "CMake and IDEs", "run the programs it names"},
    {".watchmanconfig", "watchman", "obeys it"},
    {"", "git", "runs it: core.hooksPath names the directory"},
};
const size_t audit_rule_count = sizeof(audit_rules) / sizeof(audit_rules[0]);

size_t audit_hooks_rule(void)
{
    return audit_rule_count - 1;
}

/* Only the first '*' of a component is special, which is enough for this table. The name must
 * begin with the bytes before it and end with the bytes after it. */
bool audit_glob(const char *component, size_t len, const char *name)
{
    size_t name_len = strlen(name);
    struct str pattern = str_n(component, len);
    size_t head = str_index(pattern, '*');
    size_t tail;

    if (head == len) {
        return name_len == len && memcmp(name, component, len) == 0;
    }
    tail = len - head - 1;
    return name_len >= head + tail && memcmp(name, component, head) == 0 &&
           memcmp(name + name_len - tail, component + head + 1, tail) == 0;
}

bool audit_is_data(const struct audit_rule *rule, const char *name, bool is_file)
{
    static const char *const stores[] = {"objects", "refs", "logs", "lfs"};

    if (rule->pattern[0] != '\0' && strstr(rule->pattern, ".git/") == NULL) {
        return false;
    }
    if (is_file) {
        return str_ends(str_c(name), ".sample");
    }
    for (size_t i = 0; i < sizeof(stores) / sizeof(stores[0]); i++) {
        if (strcmp(name, stores[i]) == 0) {
            return true;
        }
    }
    return false;
}

void audit_table_digest(char out[SHA256_HEX])
{
    struct sha256 h;

    sha256_init(&h);
    for (size_t i = 0; i < audit_rule_count; i++) {
        sha256_add(&h, audit_rules[i].pattern, strlen(audit_rules[i].pattern) + 1);
    }
    sha256_hex(&h, out);
}

/* Returns the value after a '=', without quotes, escapes and comments, and without blanks at
 * its end, unless they are quoted. Returns NULL if it is empty. */
static const char *config_value(struct str text, struct arena *a)
{
    char *value = arena_alloc(a, text.len + 1);
    size_t len = 0;
    size_t keep = 0;
    bool quoted = false;

    text = str_trim(text);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];

        if (c == '"') {
            quoted = !quoted;
            keep = len;
            continue;
        }
        if (!quoted && (c == '#' || c == ';')) {
            break;
        }
        if (c == '\\' && i + 1 < text.len) {
            i++;
            c = text.p[i] == 'n' ? '\n' : text.p[i] == 't' ? '\t' : text.p[i];
            keep = len + 1;
        }
        value[len++] = c;
        if (quoted || (c != ' ' && c != '\t')) {
            keep = len;
        }
    }
    value[keep] = '\0';
    return value[0] != '\0' ? value : NULL;
}

const char *audit_hooks_path(struct str config, struct arena *a)
{
    const char *found = NULL;
    bool in_core = false;

    while (config.len > 0) {
        struct str line = {0};
        struct str head = {0};

        (void)str_cut(&config, '\n', &line);
        line = str_trim(line);
        if (line.len > 0 && line.p[0] == '[') {
            line = str_drop(line, 1);
            (void)str_cut(&line, ']', &head);
            in_core = str_eq_nocase(str_trim(head), "core");
        }
        if (in_core && str_cut(&line, '=', &head) &&
            str_eq_nocase(str_trim(head), "hooksPath")) {
            found = config_value(line, a);
        }
    }
    return found;
}
