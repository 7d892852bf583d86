/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-error.h"
#include "cw-keyring.h"
#include "cw-reply.h"
#include "cw-session.h"
#include "cw-text.h"

#define SHORTEST_ID 8

/* For what is cleaned up at the end; the keyring gives up before. */
#define PATIENCE_SECONDS 60

void
cw_wait_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwWait *self = user_data;

  g_set_object (&self->result, result);
}

GAsyncResult *
cw_wait_for (CwWait *self)
{
  while (!self->result)
    g_main_context_iteration (NULL, TRUE);
  return self->result;
}

void
cw_wait_clear (CwWait *self)
{
  g_clear_object (&self->result);
}

CwStore *
cw_session_open_store (gboolean create, GError **error)
{
  g_autoptr (CwOpenStore) store = cw_store_new (NULL);
  g_auto (CwWait) wait = { NULL };

  if (!create && !g_file_test (cw_store_get_path (store), G_FILE_TEST_EXISTS))
    return g_steal_pointer (&store);

  cw_store_open_async (store, NULL, cw_wait_cb, &wait);
  if (!cw_store_open_finish (store, cw_wait_for (&wait), error))
    return NULL;
  return g_steal_pointer (&store);
}

static void
gone_cb (gpointer data, GObject *object)
{
  gboolean *gone = data;

  *gone = TRUE;
}

static gboolean
late_cb (gpointer data)
{
  gboolean *late = data;

  *late = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Whatever is under way holds the store. */
void
cw_session_close_store (CwStore *store)
{
  gboolean gone = FALSE, late = FALSE;
  guint timer;

  g_return_if_fail (CW_IS_STORE (store));

  g_object_weak_ref (G_OBJECT (store), gone_cb, &gone);
  g_object_unref (store);
  if (gone)
    return;

  timer = g_timeout_add_seconds (PATIENCE_SECONDS, late_cb, &late);
  while (!gone && !late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  if (!gone)
    g_object_weak_unref (G_OBJECT (store), gone_cb, &gone);
}

static gboolean
is_meant (CwIdentity *identity, const char *name)
{
  g_autofree char *title = cw_identity_get_title (identity);

  return g_str_has_prefix (cw_identity_get_id (identity), name) || g_str_equal (title, name);
}

static void
append_line (CwIdentity *identity, GString *list)
{
  g_autofree char *title = cw_identity_get_title (identity);

  g_string_append_printf (list, "\n  %s  %s", cw_identity_get_id (identity), title);
}

CwIdentity *
cw_session_find_identity (CwStore *store, const char *name, GError **error)
{
  CwIdentity *found = cw_store_find (store, name);
  g_autoptr (GString) list = g_string_new (NULL);
  guint n_found = 0;

  if (found)
    return found;

  for (guint i = 0; *name && i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    {
      g_autoptr (CwIdentity) identity = g_list_model_get_item (G_LIST_MODEL (store), i);

      if (!is_meant (identity, name))
        continue;
      found = identity; /* the store keeps it */
      append_line (identity, list);
      n_found++;
    }
  if (n_found == 1)
    return found;

  if (n_found == 0)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _ ("There is no certificate “%s”: it is neither an id, nor the beginning of one, "
                    "nor a name. “certwright-cli list” shows them all."),
                 name);
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 /* Translators: what was typed, then a list, a line for each */
                 _ ("“%s” could be any of these; give the id:%s"), name, list->str);
  return NULL;
}

/* A draft that did not become more is of no use to somebody who types it all again. */
static void
take_back (CwStore *store, CwIdentity *identity)
{
  g_auto (CwWait) wait = { NULL };

  if (!cw_store_find (store, cw_identity_get_id (identity)))
    return;
  cw_enrolment_delete_async (store, identity, NULL, cw_wait_cb, &wait);
  cw_enrolment_delete_finish (store, cw_wait_for (&wait), NULL);
}

gboolean
cw_session_enrol (CwStore *store,
                  CwIdentity *identity,
                  CwEnrolmentStart start,
                  CwEnrolmentFinish finish,
                  GError **error)
{
  g_auto (CwWait) wait = { NULL };

  start (store, identity, NULL, NULL, NULL, cw_wait_cb, &wait);
  if (finish (store, cw_wait_for (&wait), error))
    return TRUE;
  take_back (store, identity);
  return FALSE;
}

CwSecret *
cw_session_lookup_key (CwIdentity *identity, GError **error)
{
  g_auto (CwWait) wait = { NULL };

  if (!cw_identity_get_key_fingerprint (identity))
    {
      g_autofree char *title = cw_identity_get_title (identity);

      g_set_error (error, CW_ERROR, CW_ERROR_FAILED, _ ("“%s” has no private key yet."), title);
      return NULL;
    }

  cw_keyring_lookup_async (cw_identity_get_id (identity),
                           cw_identity_get_key_fingerprint (identity), NULL, cw_wait_cb, &wait);
  return cw_keyring_lookup_finish (cw_wait_for (&wait), error);
}

static char *
list_profiles (GListModel *profiles)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (profiles); i++)
    {
      g_autoptr (CwProfile) profile = g_list_model_get_item (profiles, i);

      cw_text_append_item (list, cw_profile_get_id (profile));
    }
  return g_string_free (g_steal_pointer (&list), FALSE);
}

char *
cw_session_read_cas (const char *name, GError **error)
{
  g_autoptr (CwReply) reply = cw_reply_new ();
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (name);
  g_autoptr (GPtrArray) certificates = NULL;

  cw_reply_add_file (reply, file, NULL);
  certificates = cw_reply_get_certificates (reply);
  if (certificates->len > 0)
    return cw_certificates_to_pem (certificates);

  g_set_error (error, CW_ERROR, CW_ERROR_UNREADABLE,
               _ ("There is no certificate in “%s”. Give --server-cas a file with those of the "
                  "CAs that may have issued the server’s certificate."),
               name);
  return NULL;
}

CwProfile *
cw_session_find_profile (const char *id, GError **error)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GListModel) profiles = cw_profiles_load (&problems);
  CwProfile *profile = cw_profiles_find (profiles, id);
  g_autofree char *list = NULL;

  if (profile)
    return profile;

  list = list_profiles (profiles);
  /* One that has a mistake in it is named by its error. */
  if (problems && problems->len > 0)
    cw_command_misused (error, _ ("There is no --profile “%s”: %s"), id,
                        ((GError *) g_ptr_array_index (problems, 0))->message);
  else if (*list == '\0')
    cw_command_misused (error, _ ("There is no --profile “%s”: none is installed."), id);
  else
    cw_command_misused (error, _ ("There is no --profile “%s”; there are: %s."), id, list);
  return NULL;
}

char *
cw_session_list_outputs (CwProfile *profile)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < cw_profile_get_n_outputs (profile); i++)
    cw_text_append_item (list, cw_profile_get_output (profile, i)->id);
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static gsize
common_length (const char *a, const char *b)
{
  gsize n = 0;

  while (a[n] && a[n] == b[n])
    n++;
  return n;
}

char *
cw_session_dup_short_id (CwStore *store, CwIdentity *identity)
{
  const char *id = cw_identity_get_id (identity);
  gsize length = SHORTEST_ID;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    {
      g_autoptr (CwIdentity) other = g_list_model_get_item (G_LIST_MODEL (store), i);

      if (other != identity)
        length = MAX (length, common_length (id, cw_identity_get_id (other)) + 1);
    }
  return g_strndup (id, length);
}
