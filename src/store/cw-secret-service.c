/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-keyring-private.h"
#include "cw-secret-service.h"

#define BUS_NAME         "org.freedesktop.DBus"
#define BUS_PATH         "/org/freedesktop/DBus"
#define BUS_PROPERTIES   "org.freedesktop.DBus.Properties"
#define SECRETS_NAME     "org.freedesktop.secrets"
#define SECRETS_PATH     "/org/freedesktop/secrets"
#define SECRETS_SERVICE  "org.freedesktop.Secret.Service"
#define SECRETS_KEYRING  "org.freedesktop.Secret.Collection"
#define SECRETS_PROMPT   "org.freedesktop.Secret.Prompt"
#define GNOME_KEYRING    "org.gnome.keyring"
#define GNOME_PROMPTER   "org.gnome.keyring.SystemPrompter"
#define NO_OBJECT        "/"
#define START_TIMEOUT_MS 30000
#define PING_TIMEOUT_MS  5000
#define CALL_TIMEOUT_MS  25000

struct _CwSecretService
{
  GDBusConnection *connection;
  char *owner;
};

/* A prompt that is open. */
typedef struct
{
  gboolean done;
  gboolean dismissed;
  gboolean vanished;
} Prompt;

static GVariant *
bus_call (GDBusConnection *connection,
          const char *method,
          GVariant *parameters,
          const GVariantType *reply_type,
          GError **error)
{
  return g_dbus_connection_call_sync (connection, BUS_NAME, BUS_PATH, BUS_NAME, method, parameters,
                                      reply_type, G_DBUS_CALL_FLAGS_NONE, START_TIMEOUT_MS, NULL,
                                      error);
}

/* To the service that was found, and to no other that may have taken its name since. */
static GVariant *
service_call (CwSecretService *self,
              const char *path,
              const char *interface,
              const char *method,
              GVariant *parameters,
              const GVariantType *reply_type,
              int timeout,
              GError **error)
{
  GError *local_error = NULL;
  GVariant *reply;

  reply = g_dbus_connection_call_sync (self->connection, self->owner, path, interface, method,
                                       parameters, reply_type, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                                       timeout, NULL, &local_error);
  if (reply == NULL)
    g_propagate_error (error, cw_keyring_error_translate (local_error));
  return reply;
}

static GVariant *
property_get (CwSecretService *self,
              const char *path,
              const char *interface,
              const char *name,
              const GVariantType *type,
              GError **error)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GVariant) value = NULL;

  reply = service_call (self, path, BUS_PROPERTIES, "Get", g_variant_new ("(ss)", interface, name),
                        G_VARIANT_TYPE ("(v)"), CALL_TIMEOUT_MS, error);
  if (reply == NULL)
    return NULL;
  g_variant_get (reply, "(v)", &value);
  if (g_variant_is_of_type (value, type))
    return g_steal_pointer (&value);
  g_propagate_error (error, cw_keyring_error_new (CW_KEYRING_ERROR_FAILED));
  return NULL;
}

static gboolean
keyring_get_locked (CwSecretService *self, const char *path, gboolean *locked, GError **error)
{
  g_autoptr (GVariant) value =
      property_get (self, path, SECRETS_KEYRING, "Locked", G_VARIANT_TYPE_BOOLEAN, error);

  if (value == NULL)
    return FALSE;
  *locked = g_variant_get_boolean (value);
  return TRUE;
}

/* The path of the keyring that new items go into; "/" if none has been made yet. */
static char *
default_keyring (CwSecretService *self, GError **error)
{
  g_autoptr (GVariant) reply = NULL;
  char *path = NULL;

  reply = service_call (self, SECRETS_PATH, SECRETS_SERVICE, "ReadAlias",
                        g_variant_new ("(s)", "default"), G_VARIANT_TYPE ("(o)"), CALL_TIMEOUT_MS,
                        error);
  if (reply != NULL)
    g_variant_get (reply, "(o)", &path);
  return path;
}

/*
 * The keyrings a key may be hidden in: the default one, or if there is none, all.
 */
static char **
keyrings_to_look_in (CwSecretService *self, GError **error)
{
  g_autofree char *path = default_keyring (self, error);
  g_autoptr (GVariant) all = NULL;
  const char *one[] = { path, NULL };

  if (path == NULL)
    return NULL;
  if (g_strcmp0 (path, NO_OBJECT) != 0)
    return g_strdupv ((char **) one);
  all = property_get (self, SECRETS_PATH, SECRETS_SERVICE, "Collections",
                      G_VARIANT_TYPE_OBJECT_PATH_ARRAY, error);
  return all != NULL ? g_variant_dup_objv (all, NULL) : NULL;
}

static char **
locked_keyrings (CwSecretService *self, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = keyrings_to_look_in (self, error);

  if (paths == NULL)
    return NULL;
  for (guint i = 0; paths[i] != NULL; i++)
    {
      gboolean locked;

      if (!keyring_get_locked (self, paths[i], &locked, error))
        return NULL;
      if (locked)
        g_strv_builder_add (builder, paths[i]);
    }
  return g_strv_builder_end (builder);
}

static void
prompt_completed_cb (GDBusConnection *connection,
                     const char *sender,
                     const char *path,
                     const char *interface,
                     const char *signal,
                     GVariant *parameters,
                     gpointer user_data)
{
  Prompt *prompt = user_data;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(bv)")))
    g_variant_get (parameters, "(bv)", &prompt->dismissed, NULL);
  prompt->done = TRUE;
}

static void
service_vanished_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  Prompt *prompt = user_data;

  prompt->vanished = TRUE;
  prompt->done = TRUE;
}

/* Waits for a person, so without an end, unless the service ends. */
static gboolean
prompt_wait (CwSecretService *self, const char *path, Prompt *prompt, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GVariant) reply = NULL;
  guint subscription, watch;

  g_main_context_push_thread_default (context);
  subscription = g_dbus_connection_signal_subscribe (
      self->connection, self->owner, SECRETS_PROMPT, "Completed", path, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, prompt_completed_cb, prompt, NULL);
  watch =
      g_bus_watch_name_on_connection (self->connection, self->owner, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                      NULL, service_vanished_cb, prompt, NULL);
  reply = service_call (self, path, SECRETS_PROMPT, "Prompt", g_variant_new ("(s)", ""), NULL,
                        G_MAXINT, error);
  while (reply != NULL && !prompt->done)
    g_main_context_iteration (context, TRUE);
  g_bus_unwatch_name (watch);
  g_dbus_connection_signal_unsubscribe (self->connection, subscription);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  return reply != NULL;
}

static gboolean
name_has_owner (CwSecretService *self, const char *name)
{
  g_autoptr (GVariant) reply = NULL;
  gboolean has_owner = FALSE;

  reply = bus_call (self->connection, "NameHasOwner", g_variant_new ("(s)", name),
                    G_VARIANT_TYPE ("(b)"), NULL);
  if (reply != NULL)
    g_variant_get (reply, "(b)", &has_owner);
  return has_owner;
}

static gboolean
name_start (CwSecretService *self, const char *name, GError **error)
{
  g_autoptr (GVariant) reply =
      bus_call (self->connection, "StartServiceByName", g_variant_new ("(su)", name, 0),
                G_VARIANT_TYPE ("(u)"), error);

  return reply != NULL;
}

/*
 * GNOME's keyring reports a prompt that nobody can see (no prompter, no
 * display) as one that was dismissed. The bus knows better.
 */
static gboolean
prompt_is_possible (CwSecretService *self)
{
  return !name_has_owner (self, GNOME_KEYRING) || name_has_owner (self, GNOME_PROMPTER) ||
         name_start (self, GNOME_PROMPTER, NULL);
}

static GError *
no_prompt_error (void)
{
  return g_error_new_literal (CW_KEYRING_ERROR, CW_KEYRING_ERROR_LOCKED,
                              _ ("The keyring is locked, and its password cannot be asked for "
                                 "here. Unlock it in a desktop session, then try again."));
}

static gboolean
prompt_run (CwSecretService *self, const char *path, GError **error)
{
  Prompt prompt = { FALSE, FALSE, FALSE };

  if (!prompt_wait (self, path, &prompt, error))
    return FALSE;
  if (!prompt.vanished && !prompt.dismissed)
    return TRUE;
  if (prompt.vanished)
    g_propagate_error (error, cw_keyring_error_new (CW_KEYRING_ERROR_ABSENT));
  else if (prompt_is_possible (self))
    g_propagate_error (error, cw_keyring_error_new (CW_KEYRING_ERROR_DISMISSED));
  else
    g_propagate_error (error, no_prompt_error ());
  return FALSE;
}

/* Asks for @paths to be unlocked. That they are is for the caller to check. */
static gboolean
unlock (CwSecretService *self, const char *const *paths, GError **error)
{
  g_autoptr (GVariant) reply = NULL;
  const char *prompt;

  reply = service_call (self, SECRETS_PATH, SECRETS_SERVICE, "Unlock",
                        g_variant_new ("(^ao)", paths), G_VARIANT_TYPE ("(aoo)"), G_MAXINT, error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(@ao&o)", NULL, &prompt);
  return g_strcmp0 (prompt, NO_OBJECT) == 0 || prompt_run (self, prompt, error);
}

/* Unlocks the keyrings a key may be hidden in; an error if one stays locked. */
static gboolean
unlock_keyrings (CwSecretService *self, GError **error)
{
  g_auto (GStrv) before = locked_keyrings (self, error);
  g_auto (GStrv) after = NULL;

  if (before == NULL)
    return FALSE;
  if (before[0] == NULL)
    return TRUE;
  if (!unlock (self, (const char *const *) before, error))
    return FALSE;
  after = locked_keyrings (self, error);
  if (after == NULL)
    return FALSE;
  if (after[0] == NULL)
    return TRUE;
  g_propagate_error (error, cw_keyring_error_new (CW_KEYRING_ERROR_LOCKED));
  return FALSE;
}

static gboolean
search (CwSecretService *self,
        const char *identity,
        const char *key_fingerprint,
        char ***unlocked,
        char ***locked,
        GError **error)
{
  GVariantBuilder attributes;
  g_autoptr (GVariant) reply = NULL;

  g_variant_builder_init (&attributes, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&attributes, "{ss}", CW_KEYRING_IDENTITY, identity);
  g_variant_builder_add (&attributes, "{ss}", CW_KEYRING_SPKI_SHA256, key_fingerprint);
  reply = service_call (self, SECRETS_PATH, SECRETS_SERVICE, "SearchItems",
                        g_variant_new ("(a{ss})", &attributes), G_VARIANT_TYPE ("(aoao)"),
                        CALL_TIMEOUT_MS, error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(^ao^ao)", unlocked, locked);
  return TRUE;
}

static gboolean
service_find (CwSecretService *self, GError **error)
{
  g_autoptr (GVariant) reply =
      bus_call (self->connection, "GetNameOwner", g_variant_new ("(s)", SECRETS_NAME),
                G_VARIANT_TYPE ("(s)"), error);

  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(s)", &self->owner);
  return TRUE;
}

static gboolean
service_ping (CwSecretService *self, GError **error)
{
  g_autoptr (GVariant) reply = service_call (self, SECRETS_PATH, "org.freedesktop.DBus.Peer",
                                             "Ping", NULL, NULL, PING_TIMEOUT_MS, error);

  return reply != NULL;
}

CwSecretService *
cw_secret_service_new (GError **error)
{
  g_autoptr (CwSecretService) self = g_new0 (CwSecretService, 1);
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  /* Whatever the reason, a bus that cannot be reached is a keyring that is not there. */
  self->connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &local_error);
  if (self->connection == NULL)
    {
      g_propagate_error (error, cw_keyring_error_new (CW_KEYRING_ERROR_ABSENT));
      return NULL;
    }
  if (!service_find (self, NULL) &&
      (!name_start (self, SECRETS_NAME, &local_error) || !service_find (self, &local_error)))
    {
      g_propagate_error (error, cw_keyring_error_translate (g_steal_pointer (&local_error)));
      return NULL;
    }
  return service_ping (self, error) ? g_steal_pointer (&self) : NULL;
}

void
cw_secret_service_free (CwSecretService *self)
{
  g_return_if_fail (self != NULL);

  g_clear_object (&self->connection);
  g_free (self->owner);
  g_free (self);
}

const char *
cw_secret_service_get_owner (CwSecretService *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->owner;
}

gboolean
cw_secret_service_unlock_default (CwSecretService *self, GError **error)
{
  g_autofree char *path = NULL;
  const char *paths[] = { NULL, NULL };
  gboolean locked = FALSE;

  g_return_val_if_fail (self != NULL, FALSE);

  path = default_keyring (self, error);
  if (path == NULL)
    return FALSE;
  if (g_strcmp0 (path, NO_OBJECT) == 0)
    {
      /* libsecret will have one made, which needs a prompt too. */
      if (prompt_is_possible (self))
        return TRUE;
      g_propagate_error (error, no_prompt_error ());
      return FALSE;
    }
  paths[0] = path;
  if (!keyring_get_locked (self, path, &locked, error))
    return FALSE;
  if (!locked)
    return TRUE;
  if (!unlock (self, paths, error) || !keyring_get_locked (self, path, &locked, error))
    return FALSE;
  if (locked)
    g_propagate_error (error, cw_keyring_error_new (CW_KEYRING_ERROR_LOCKED));
  return !locked;
}

gboolean
cw_secret_service_unlock_item (CwSecretService *self,
                               const char *identity,
                               const char *key_fingerprint,
                               GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (identity != NULL, FALSE);
  g_return_val_if_fail (key_fingerprint != NULL, FALSE);

  /* Once as it is, once more after everything that was locked has been unlocked. */
  for (guint attempt = 0; attempt < 2; attempt++)
    {
      g_auto (GStrv) unlocked = NULL;
      g_auto (GStrv) locked = NULL;

      if (!search (self, identity, key_fingerprint, &unlocked, &locked, error))
        return FALSE;
      if (unlocked[0] != NULL)
        return TRUE;
      if (attempt > 0)
        {
          g_propagate_error (error,
                             cw_keyring_error_new (locked[0] != NULL ? CW_KEYRING_ERROR_LOCKED
                                                                     : CW_KEYRING_ERROR_NOT_FOUND));
          return FALSE;
        }
      if (locked[0] != NULL ? !unlock (self, (const char *const *) locked, error)
                            : !unlock_keyrings (self, error))
        return FALSE;
    }
  g_return_val_if_reached (FALSE);
}

char *
cw_secret_service_describe (CwSecretService *self, gboolean *locked, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (GVariant) label = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (locked != NULL, NULL);

  path = default_keyring (self, error);
  if (path == NULL)
    return NULL;
  if (g_strcmp0 (path, NO_OBJECT) == 0)
    {
      *locked = FALSE;
      /* Translators: where a key will be kept: a keyring that is made when it is first needed */
      return g_strdup (_ ("A new keyring"));
    }
  label = property_get (self, path, SECRETS_KEYRING, "Label", G_VARIANT_TYPE_STRING, error);
  if (label == NULL || !keyring_get_locked (self, path, locked, error))
    return NULL;
  /* Translators: where a key is kept; %s is a keyring's name, as in "Login" */
  return g_strdup_printf (_ ("The keyring “%s”"), g_variant_get_string (label, NULL));
}
