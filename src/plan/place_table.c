/* SPDX-License-Identifier: MIT */
#include "plan/place_table.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char keys[] = "it contains your keys";
static const char logins[] = "it contains your logins";
static const char passwords[] = "it contains passwords or tokens";
static const char history[] = "it contains what you typed, also passwords";
static const char git_own[] = "git obeys the settings in it, and keeps passwords there";
static const char browser[] = "it contains your browser's passwords and cookies";
static const char programs[] = "it contains programs that you run outside of the sandbox";
static const char started[] = "what is in it is started when you log in";
static const char settings[] = "it contains the settings and logins of your programs";
static const char system_own[] = "the sandbox has its own system directories";
static const char kernel[] = "it belongs to the system";
static const char disks[] = "other file systems are mounted in it";
static const char homes[] = "it contains the homes of users";
static const char temporary[] =
    "all users and programs keep their temporary files and sockets in it";

const struct place places_of_home[] = {
    {".ssh", true, false, keys},
    {".gnupg", true, false, keys},
    {".pki", true, false, keys},
    {".password-store", true, false, keys},
    {".local/share/keyrings", true, false, keys},
    {".local/share/kwalletd", true, false, keys},
    {".config/sops", true, false, keys},
    {".config/age", true, false, keys},
    {"Library/Keychains", true, false, keys},

    {".aws", true, false, logins},
    {".azure", true, false, logins},
    {".kube", true, false, logins},
    {".minikube", true, false, logins},
    {".docker", true, false, logins},
    {".oci", true, false, logins},
    {".terraform.d", true, false, logins},
    {".config/gcloud", true, false, logins},
    {".config/gh", true, false, logins},
    {".config/glab-cli", true, false, logins},
    {".config/op", true, false, logins},
    {".config/1Password", true, false, logins},
    {".config/doctl", true, false, logins},
    {".config/hcloud", true, false, logins},
    {".config/rclone", true, false, logins},
    {".config/containers", true, false, logins},
    {".config/git", true, false, git_own},

    {".git-credentials", true, false, passwords},
    {".netrc", true, false, passwords},
    {"_netrc", true, false, passwords},
    {".npmrc", true, false, passwords},
    {".yarnrc.yml", true, false, passwords},
    {".pypirc", true, false, passwords},
    {".pgpass", true, false, passwords},
    {".my.cnf", true, false, passwords},
    {".mylogin.cnf", true, false, passwords},
    {".s3cfg", true, false, passwords},
    {".boto", true, false, passwords},
    {".vault-token", true, false, passwords},
    {".dockercfg", true, false, passwords},
    {".gem/credentials", true, false, passwords},
    {".cargo/credentials", true, false, passwords},
    {".cargo/credentials.toml", true, false, passwords},
    {".m2/settings.xml", true, false, passwords},
    {".gradle/gradle.properties", true, false, passwords},

    {".bash_history", true, false, history},
    {".zsh_history", true, false, history},
    {".zhistory", true, false, history},
    {".histfile", true, false, history},
    {".sh_history", true, false, history},
    {".history", true, false, history},
    {".local/share/fish", true, false, history},
    {".python_history", true, false, history},
    {".node_repl_history", true, false, history},
    {".psql_history", true, false, history},
    {".mysql_history", true, false, history},
    {".sqlite_history", true, false, history},
    {".rediscli_history", true, false, history},

    {".mozilla", true, false, browser},
    {".thunderbird", true, false, browser},
    {".config/google-chrome", true, false, browser},
    {".config/chromium", true, false, browser},
    {".config/BraveSoftware", true, false, browser},
    {".config/microsoft-edge", true, false, browser},
    {".var", true, false, settings},
    {"snap", true, false, settings},
    {"Library/Application Support", true, false, settings},
    {"Library/Preferences", true, false, settings},

    {".config/autostart", true, false, started},
    {".config/systemd", true, false, started},
    {".config/environment.d", true, false, started},
    {".local/share/systemd", true, false, started},
    {".local/share/applications", true, false, programs},
    {"Library/LaunchAgents", true, false, started},

    {"bin", false, false, programs},
    {".local/bin", true, false, programs},
    {".local/lib", true, false, programs},
    {".local/share/claude", true, false, programs},
    {".local/share/containers", true, false, programs},
    {".local/share/pnpm", true, false, programs},
    {"go/bin", true, false, programs},
    {".cargo", true, false, programs},
    {".rustup", true, false, programs},
    {".npm", true, false, programs},
    {".npm-global", true, false, programs},
    {".nvm", true, false, programs},
    {".volta", true, false, programs},
    {".bun", true, false, programs},
    {".deno", true, false, programs},
    {".pyenv", true, false, programs},
    {".rbenv", true, false, programs},
    {".asdf", true, false, programs},
    {".sdkman", true, false, programs},
    {".gradle", true, false, programs},
    {".m2", true, false, programs},
    {".vscode", true, false, programs},
    {".vscode-server", true, false, programs},
    {".cursor", true, false, programs},

    {".config", false, false, settings},
    {".cache", false, false, "your programs use the files in it"},
    {".local/share", false, false, settings},
    {".local/state", false, false, settings},
};
const size_t places_of_home_count = COUNT(places_of_home);
_Static_assert(COUNT(places_of_home) <= PLACES_OF_HOME_MAX, "see PLACES_OF_HOME_MAX");

bool place_is_secret(const struct place *p)
{
    return p->why == keys || p->why == logins || p->why == git_own || p->why == browser ||
           p->why == passwords || p->why == history;
}

/* The sandbox has its own directories at most of these paths. A project may be inside of them
 * (/usr/src/x), but must not replace them. The kernel and the engine provide the content of
 * /proc, /sys, /dev and the run directory. */
const struct place places_of_machine[] = {
    {"/bin", false, true, system_own},
    {"/boot", false, true, system_own},
    {"/dev", true, true, kernel},
    {"/etc", false, true, system_own},
    {"/lib", false, true, system_own},
    {"/lib64", false, true, system_own},
    {"/opt", false, true, system_own},
    {"/proc", true, true, kernel},
    {"/root", false, true, system_own},
    {"/run", false, true, system_own},
    {"/run/cco", true, true, kernel},
    {"/sbin", false, true, system_own},
    {"/srv", false, true, system_own},
    {"/sys", true, true, kernel},
    {"/usr", false, true, system_own},
    {"/usr/bin", false, true, system_own},
    {"/usr/lib", false, true, system_own},
    {"/usr/local", false, true, system_own},
    {"/usr/local/bin", false, true, system_own},
    {"/usr/sbin", false, true, system_own},
    {"/usr/share", false, true, system_own},
    {"/var", false, true, system_own},
    {"/var/lib", false, true, system_own},
    {"/var/run", false, true, system_own},

    {"/home", false, false, homes},
    {"/export/home", false, false, homes},
    {"/Users", false, false, homes},
    {"/mnt", false, false, disks},
    {"/media", false, false, disks},
    {"/run/media", false, false, disks},
    {"/run/user", false, false, "programs of users keep their sockets in it"},
    {"/Volumes", false, false, disks},
    {"/tmp", false, false, temporary},
    {"/var/tmp", false, false, temporary},
    {"/private/tmp", false, false, temporary},
};
const size_t places_of_machine_count = COUNT(places_of_machine);
