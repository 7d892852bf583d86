/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "cw-keyring-private.h"

/* What a Flatpak's sandbox says of itself. */
#define SANDBOX_INFO "/.flatpak-info"
#define MAY_TALK     "Session Bus Policy"
#define SECRETS_NAME "org.freedesktop.secrets"
#define OVERRIDE     "flatpak override --user --talk-name=" SECRETS_NAME " " APP_ID

G_DEFINE_QUARK (cw - keyring - error - quark, cw_keyring_error)

static CwKeyringError
dbus_error_code (int code)
{
  switch (code)
    {
    case G_DBUS_ERROR_SERVICE_UNKNOWN:
    case G_DBUS_ERROR_NAME_HAS_NO_OWNER:
    case G_DBUS_ERROR_NO_SERVER:
    case G_DBUS_ERROR_DISCONNECTED:
    case G_DBUS_ERROR_SPAWN_EXEC_FAILED:
    case G_DBUS_ERROR_SPAWN_FORK_FAILED:
    case G_DBUS_ERROR_SPAWN_CHILD_EXITED:
    case G_DBUS_ERROR_SPAWN_CHILD_SIGNALED:
    case G_DBUS_ERROR_SPAWN_FAILED:
    case G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND:
    case G_DBUS_ERROR_NO_REPLY: /* the bus says so when it ended before it replied */
      return CW_KEYRING_ERROR_ABSENT;
    case G_DBUS_ERROR_TIMEOUT:
    case G_DBUS_ERROR_TIMED_OUT:
      return CW_KEYRING_ERROR_NOT_ANSWERING;
    default:
      return CW_KEYRING_ERROR_FAILED;
    }
}

static CwKeyringError
error_code (const GError *error)
{
  if (error->domain == G_DBUS_ERROR)
    return dbus_error_code (error->code);
  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    return CW_KEYRING_ERROR_LOCKED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return CW_KEYRING_ERROR_NOT_ANSWERING;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return CW_KEYRING_ERROR_ABSENT;
  /* libsecret gets no cancellable: this is the sandbox's portal, whose question was closed. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return CW_KEYRING_ERROR_DISMISSED;
  return CW_KEYRING_ERROR_FAILED;
}

/* Whether it would help to let this sandbox at the desktop's keyring. */
static gboolean
is_shut_out (void)
{
  g_autoptr (GKeyFile) info = g_key_file_new ();
  g_autofree char *policy = NULL;

  if (!g_key_file_load_from_file (info, SANDBOX_INFO, G_KEY_FILE_NONE, NULL))
    return FALSE;
  policy = g_key_file_get_string (info, MAY_TALK, SECRETS_NAME, NULL);
  return g_strcmp0 (policy, "talk") != 0;
}

/* A sandbox sees no keyring, but what the desktop's Secret portal gives it. */
static GError *
shut_out_error_new (void)
{
  return g_error_new (CW_KEYRING_ERROR, CW_KEYRING_ERROR_ABSENT,
                      /* Translators: %s is a command. A portal is how programs in a Flatpak get
                       * at what the desktop has. */
                      _ ("This desktop offers no Secret portal, which programs from a Flatpak need "
                         "to keep a private key safely. Install one, such as GNOME Keyring’s. Or "
                         "let Certwright use the desktop’s own keyring: type this command in a "
                         "terminal, then open Certwright again.\n%s"),
                      OVERRIDE);
}

static const char *
error_sentence (CwKeyringError code)
{
  switch (code)
    {
    case CW_KEYRING_ERROR_LOCKED:
      return _ ("The keyring is locked. Unlock it to go on.");
    case CW_KEYRING_ERROR_DISMISSED:
      return _ (
          "The question for the keyring’s password was closed, so the keyring cannot be used. "
          "Try again, and type the password when it is asked for.");
    case CW_KEYRING_ERROR_ABSENT:
      return _ ("No keyring answers on this desktop, so there is no safe place for a private key. "
                "Install and start one, such as GNOME Keyring or KWallet, then try again.");
    case CW_KEYRING_ERROR_NOT_ANSWERING:
      return _ ("The keyring is running but does not answer. Wait a moment and try again; if that "
                "does not help, log out and in again.");
    case CW_KEYRING_ERROR_NOT_FOUND:
      return _ ("The private key is not in the keyring. If it was kept on another computer or in "
                "another account, go on there.");
    case CW_KEYRING_ERROR_READ_BACK:
      return _ ("The keyring took the private key, but does not give the same key back, "
                "so that it was not used. Try again.");
    case CW_KEYRING_ERROR_BUSY:
      return _ (
          "Another Certwright is writing to the keyring. Wait until it has finished, or close "
          "it, then try again.");
    case CW_KEYRING_ERROR_FAILED:
    default:
      return _ ("The keyring failed without saying why. Try again.");
    }
}

GError *
cw_keyring_error_new (CwKeyringError code)
{
  if (code == CW_KEYRING_ERROR_ABSENT && is_shut_out ())
    return shut_out_error_new ();
  return g_error_new_literal (CW_KEYRING_ERROR, code, error_sentence (code));
}

GError *
cw_keyring_error_translate (GError *error)
{
  g_autoptr (GError) given = error;
  CwKeyringError code;

  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain == CW_KEYRING_ERROR)
    return g_steal_pointer (&given);
  code = error_code (error);
  if (code != CW_KEYRING_ERROR_FAILED)
    return cw_keyring_error_new (code);
  g_dbus_error_strip_remote_error (given);
  return g_error_new (CW_KEYRING_ERROR, code,
                      /* Translators: the keyring's own words, often not translated */
                      _ ("The keyring reports: %s. Try again."), given->message);
}

gboolean
cw_keyring_error_is_restart (const GError *error)
{
  g_return_val_if_fail (error != NULL, FALSE);

  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY);
}
