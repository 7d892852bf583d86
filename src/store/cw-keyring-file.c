/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-keyring-private.h"

/* libsecret's file: this header, two bytes of version, then one GVariant. */
#define HEADER        "GnomeKeyring\n\r\0\n"
#define HEADER_LENGTH 16
#define BODY_START    (HEADER_LENGTH + 2)
#define BODY_TYPE     "(uayutua(a{say}ay))"

/* Whether the body is complete, and its salt as long as it says. */
static gboolean
body_is_sound (const char *contents, gsize length)
{
  /* A copy: a GVariant's data has to be aligned, and the header is not a multiple of 8. */
  g_autoptr (GBytes) body = g_bytes_new (contents + BODY_START, length - BODY_START);
  g_autoptr (GVariant) variant =
      g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (BODY_TYPE), body, FALSE));
  g_autoptr (GVariant) salt = NULL;
  guint32 salt_size;

  if (!g_variant_is_normal_form (variant))
    return FALSE;
  g_variant_get_child (variant, 0, "u", &salt_size);
  salt = g_variant_get_child_value (variant, 1);
  return GUINT32_FROM_LE (salt_size) == g_variant_n_children (salt) && salt_size != 0;
}

/* Asked just as libsecret asks it, so that both come to the same answer. */
static gboolean
portal_exists (void)
{
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) reply = NULL;

  if (connection == NULL)
    return FALSE;
  reply = g_dbus_connection_call_sync (
      connection, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop",
      "org.freedesktop.DBus.Properties", "Get",
      g_variant_new ("(ss)", "org.freedesktop.portal.Secret", "version"), G_VARIANT_TYPE ("(v)"),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  return reply != NULL;
}

gboolean
cw_keyring_file_is_used (void)
{
  gboolean sandboxed =
      g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) || g_getenv ("SNAP_NAME") != NULL;

  return (sandboxed && portal_exists ()) || g_strcmp0 (g_getenv ("SECRET_BACKEND"), "file") == 0;
}

char *
cw_keyring_file_path (void)
{
  const char *chosen = g_getenv ("SECRET_FILE_TEST_PATH");

  if (chosen != NULL && *chosen != '\0')
    return g_strdup (chosen);
  return g_build_filename (g_get_user_data_dir (), "keyrings", "default.keyring", NULL);
}

gboolean
cw_keyring_file_check (GError **error)
{
  g_autofree char *path = cw_keyring_file_path ();
  g_autofree char *contents = NULL;
  g_autoptr (GError) local_error = NULL;
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, &local_error))
    {
      if (g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;
      g_set_error (
          error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_FAILED,
          /* Translators: the system's reason, with the file's path */
          _ ("The keyring’s file cannot be read: %s. Mend its permissions, then try again."),
          local_error->message);
      return FALSE;
    }
  if (length >= BODY_START && memcmp (contents, HEADER, HEADER_LENGTH) == 0 &&
      body_is_sound (contents, length))
    return TRUE;
  g_set_error (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_FAILED,
               /* Translators: a file's path */
               _ ("The keyring’s file “%s” is damaged. Put back a copy of it from a backup, "
                  "then try again."),
               path);
  return FALSE;
}
