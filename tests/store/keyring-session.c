/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "keyring-session.h"

#define FOLDER_VARIABLE "CERTWRIGHT_TEST_SESSION"
#define SECRETS_NAME    "org.freedesktop.secrets"
#define DAEMON          "gnome-keyring-daemon"

static char *
session_path (const char *name)
{
  return g_build_filename (keyring_session_get_folder (), name, NULL);
}

/* The processes of the session, one number a line: the daemon's is the last. */
static char **
session_pids (void)
{
  g_autofree char *path = session_path ("pids");
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return g_new0 (char *, 1);
  return g_strsplit (g_strstrip (text), "\n", -1);
}

static void
session_add_pid (GPid pid)
{
  g_autofree char *path = session_path ("pids");
  g_auto (GStrv) pids = session_pids ();
  g_autofree char *before = g_strjoinv ("\n", pids);
  g_autofree char *text = g_strdup_printf ("%s\n%d\n", before, pid);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, g_strchug (text), -1, &error);
  g_assert_no_error (error);
}

static void
session_forget_last_pid (void)
{
  g_autofree char *path = session_path ("pids");
  g_auto (GStrv) pids = session_pids ();
  guint n = g_strv_length (pids);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (n, >, 0);
  g_clear_pointer (&pids[n - 1], g_free);
  text = g_strjoinv ("\n", pids);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static GPid
last_pid (void)
{
  g_auto (GStrv) pids = session_pids ();
  guint n = g_strv_length (pids);

  g_assert_cmpuint (n, >, 0);
  return (GPid) g_ascii_strtoll (pids[n - 1], NULL, 10);
}

/* Between fork and exec: nothing outlives the test, however it ends. */
static void
end_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GPid
session_spawn (const char *const *argv, const char *input, int *output)
{
  /* Fatal warnings are for us: the daemon warns whenever an item is replaced. */
  g_auto (GStrv) environment = g_environ_unsetenv (g_get_environ (), "G_DEBUG");
  g_autoptr (GError) error = NULL;
  int stdin_fd;
  GPid pid;

  g_spawn_async_with_pipes (NULL, (char **) argv, environment,
                            G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
                                G_SPAWN_STDERR_TO_DEV_NULL |
                                (output == NULL ? G_SPAWN_STDOUT_TO_DEV_NULL : 0),
                            end_with_parent, NULL, &pid, &stdin_fd, output, NULL, &error);
  g_assert_no_error (error);
  session_add_pid (pid);
  if (input != NULL)
    g_assert_cmpint (write (stdin_fd, input, strlen (input)), ==, (gssize) strlen (input));
  close (stdin_fd);
  return pid;
}

/* It says its address when it listens. */
static void
start_bus (void)
{
  g_autofree char *config = session_path ("bus.conf");
  g_autofree char *text = g_strdup_printf (
      "<busconfig><type>session</type><listen>unix:path=%s/bus</listen>"
      "<servicedir>%s/services</servicedir>"
      "<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>"
      "<allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
      keyring_session_get_folder (), keyring_session_get_folder ());
  g_autofree char *option = g_strconcat ("--config-file=", config, NULL);
  const char *argv[] = { "dbus-daemon", option, "--nofork", "--print-address=1", NULL };
  g_autoptr (GError) error = NULL;
  char byte;
  int output;

  g_file_set_contents (config, text, -1, &error);
  g_assert_no_error (error);
  session_spawn (argv, NULL, &output);
  g_assert_cmpint (read (output, &byte, 1), ==, 1);
  close (output);
}

static void
set_folder (const char *variable, const char *name)
{
  g_autofree char *path = session_path (name);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  g_setenv (variable, path, TRUE);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static gboolean
name_has_owner (GDBusConnection *connection, const char *name)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;
  gboolean has_owner;

  reply = g_dbus_connection_call_sync (connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "NameHasOwner",
                                       g_variant_new ("(s)", name), G_VARIANT_TYPE ("(b)"),
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  g_variant_get (reply, "(b)", &has_owner);
  return has_owner;
}

static void
wait_for_daemon (gboolean present)
{
  g_autoptr (GDBusConnection) connection = keyring_session_connect ();

  while (name_has_owner (connection, SECRETS_NAME) != present)
    g_usleep (2000);
  g_dbus_connection_close_sync (connection, NULL, NULL);
}

/* SIGSTOP takes a moment, in which the daemon can still answer. */
static void
wait_until_stopped (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  gboolean stopped = FALSE;

  while (!stopped)
    {
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;

      g_file_get_contents (path, &text, NULL, &error);
      g_assert_no_error (error);
      stopped = strstr (text, ") T ") != NULL;
      if (!stopped)
        g_usleep (1000);
    }
}

/* Its number may be another's by now. */
static gboolean
pid_is_ours (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/environ", pid);
  g_autofree char *environment = NULL;
  gsize length;

  return pid > 1 && g_file_get_contents (path, &environment, &length, NULL) &&
         memmem (environment, length, keyring_session_get_folder (),
                 strlen (keyring_session_get_folder ())) != NULL;
}

gboolean
keyring_session_is_possible (void)
{
  g_autofree char *daemon = g_find_program_in_path (DAEMON);
  g_autofree char *bus = g_find_program_in_path ("dbus-daemon");

  return daemon != NULL && bus != NULL;
}

void
keyring_session_begin (gboolean bus)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("certwright-keyring-XXXXXX", &error);
  g_autofree char *services = NULL;
  g_autofree char *address = NULL;

  g_assert_no_error (error);
  g_setenv (FOLDER_VARIABLE, folder, TRUE);
  set_folder ("HOME", "home");
  set_folder ("XDG_RUNTIME_DIR", "run");
  set_folder ("XDG_DATA_HOME", "data");
  set_folder ("XDG_CONFIG_HOME", "config");
  set_folder ("XDG_CACHE_HOME", "cache");
  services = session_path ("services");
  g_assert_cmpint (g_mkdir (services, 0700), ==, 0);
  address = g_strdup_printf ("unix:path=%s/bus", folder);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
  for (guint i = 0; i < 3; i++)
    g_unsetenv (((const char *[]){ "DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL" })[i]);
  g_unsetenv ("SECRET_BACKEND");
  if (bus)
    start_bus ();
}

void
keyring_session_end (void)
{
  g_auto (GStrv) pids = session_pids ();

  for (guint i = g_strv_length (pids); i > 0; i--)
    {
      GPid pid = (GPid) g_ascii_strtoll (pids[i - 1], NULL, 10);

      if (pid_is_ours (pid) && kill (pid, SIGKILL) == 0)
        waitpid (pid, NULL, 0);
    }
  remove_folder (keyring_session_get_folder ());
  g_unsetenv (FOLDER_VARIABLE);
}

const char *
keyring_session_get_folder (void)
{
  const char *folder = g_getenv (FOLDER_VARIABLE);

  g_assert_nonnull (folder);
  return folder;
}

GDBusConnection *
keyring_session_connect (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection;

  connection =
      g_dbus_connection_new_for_address_sync (g_getenv ("DBUS_SESSION_BUS_ADDRESS"),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

void
keyring_session_start_daemon (gboolean unlock)
{
  const char *argv[] = { DAEMON, "--foreground", "--components=secrets", NULL, NULL };

  if (unlock)
    argv[3] = "--unlock";
  session_spawn (argv, unlock ? KEYRING_PASSWORD : NULL, NULL);
  wait_for_daemon (TRUE);
}

void
keyring_session_signal_daemon (int signal)
{
  GPid pid = last_pid ();

  g_assert_cmpint (kill (pid, signal), ==, 0);
  if (signal == SIGSTOP)
    wait_until_stopped (pid);
  if (signal != SIGKILL)
    return;
  session_forget_last_pid ();
  waitpid (pid, NULL, 0); /* fails in a process that is not its parent, and is not needed there */
  wait_for_daemon (FALSE);
}

void
keyring_session_kill_daemon_now (void)
{
  GPid pid = last_pid ();

  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  session_forget_last_pid ();
  waitpid (pid, NULL, 0);
}

void
keyring_session_lock (void)
{
  const char *paths[] = { "/org/freedesktop/secrets/collection/login", NULL };
  g_autoptr (GDBusConnection) connection = keyring_session_connect ();
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = g_dbus_connection_call_sync (
      connection, SECRETS_NAME, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service",
      "Lock", g_variant_new ("(^ao)", paths), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_close_sync (connection, NULL, NULL);
}
