/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-finding-private.h"
#include "cw-text.h"

/* More names than this say nothing more. */
#define MAX_NAMES 3

/* What a reply holds, where it does not hold the certificate. */
typedef struct
{
  GPtrArray *authorities; /* titles */
  GPtrArray *strangers;
  gboolean has_request;
  gboolean has_key;
  gboolean has_locked;
} Contents;

static void
contents_clear (Contents *contents)
{
  g_ptr_array_unref (contents->authorities);
  g_ptr_array_unref (contents->strangers);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Contents, contents_clear)

/* No more titles than are shown: a reply may hold thousands. */
static void
add_title (Contents *contents, CwCertificate *certificate)
{
  if (contents->authorities->len > MAX_NAMES && contents->strangers->len > MAX_NAMES)
    return;
  GPtrArray *titles =
      cw_certificate_is_ca (certificate) ? contents->authorities : contents->strangers;
  if (titles->len <= MAX_NAMES)
    g_ptr_array_add (titles, g_strdup (cw_certificate_get_title (certificate)));
}

static void
look_into (CwReply *reply, Contents *contents)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (reply)); i++)
    {
      g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), i);
      CwCertificate *certificate = cw_reply_item_get_certificate (item);
      CwReplyKind kind = cw_reply_item_get_kind (item);
      contents->has_request = contents->has_request || kind == CW_REPLY_KIND_REQUEST;
      contents->has_key = contents->has_key || kind == CW_REPLY_KIND_KEY;
      contents->has_locked = contents->has_locked || kind == CW_REPLY_KIND_LOCKED;
      if (certificate != NULL)
        add_title (contents, certificate);
    }
}

/* “A”, “B”, “C” and others. */
static char *
list_names (GPtrArray *names)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < MIN (names->len, MAX_NAMES); i++)
    {
      /* Translators: a name in quotation marks */
      g_autofree char *name =
          g_strdup_printf (C_ ("name", "“%s”"), (const char *) g_ptr_array_index (names, i));

      cw_text_append_item (text, name);
    }
  if (names->len > MAX_NAMES)
    /* Translators: at the end of a list that is cut off */
    g_string_append_printf (text, " %s", _ ("and others"));
  return g_string_free (text, FALSE);
}

static char *
describe_contents (const Contents *contents)
{
  if (contents->has_locked)
    return g_strdup (_ ("Part of what came is encrypted and has not been opened yet. It may be "
                        "in there."));
  if (contents->strangers->len > 0)
    {
      g_autofree char *names = list_names (contents->strangers);
      return g_strdup_printf (_ ("What came is for another key: %s."), names);
    }
  if (contents->authorities->len > 0)
    {
      g_autofree char *names = list_names (contents->authorities);
      return g_strdup_printf (_ ("Only certificates of CAs came: %s."), names);
    }
  if (contents->has_request)
    return g_strdup (_ ("What came is a request, which is what goes to the CA, not what comes "
                        "back."));
  return g_strdup (_ ("Nothing that came is a certificate."));
}

static const char *
choose_remedy (const Contents *contents)
{
  if (contents->has_locked)
    return _ ("Open it with its passphrase.");
  if (contents->strangers->len > 0)
    return _ ("Look whether it answers another request, made on another computer or before. If "
              "not, ask the CA for the certificate that it made from this request.");
  if (contents->has_request)
    return _ ("Send the request to the CA, and bring what it answers.");
  return _ ("Ask the CA for the certificate that it made from this request.");
}

static void
append_no_certificate (GListStore *findings, const Contents *contents)
{
  g_autofree char *meaning = describe_contents (contents);
  cw_finding_append (findings, &(CwFindingTexts){
                                   .id = "no-certificate",
                                   .severity = CW_SEVERITY_PROBLEM,
                                   .title = _ ("There is no certificate for your key"),
                                   .meaning = meaning,
                                   .remedy = choose_remedy (contents),
                               });
}

/* Certificates of CAs alone, that nobody asked for, lack nothing. */
static void
judge_absence (GListStore *findings, const CwReportInput *input)
{
  g_auto (Contents) contents = {
    .authorities = g_ptr_array_new_with_free_func (g_free),
    .strangers = g_ptr_array_new_with_free_func (g_free),
  };
  if (input->reply != NULL)
    look_into (input->reply, &contents);
  if (input->asked != NULL || contents.has_key)
    append_no_certificate (findings, &contents);
}

static void
append_other_request (GListStore *findings, const char *name)
{
  g_autofree char *shown = cw_text_clean (name);
  g_autofree char *title = g_strdup_printf (_ ("It answers another request of yours: “%s”"), shown);
  g_autofree char *meaning = g_strdup_printf (
      _ ("Its key is that of “%s”, not that of the request that is open here."), shown);
  g_autofree char *remedy =
      g_strdup_printf (_ ("Use it for “%s”. The request that is open here still waits for its own "
                          "certificate."),
                       shown);
  cw_finding_append (findings, &(CwFindingTexts){
                                   .id = "other-request",
                                   .severity = CW_SEVERITY_NOTE,
                                   .title = title,
                                   .meaning = meaning,
                                   .remedy = remedy,
                               });
}

/* Whether keys came, and none of them, nor of what may still be opened, is @certificate's. */
static gboolean
has_strange_key (CwReply *reply, CwCertificate *certificate)
{
  gboolean strange = FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (reply)); i++)
    {
      g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), i);
      if (cw_reply_item_get_kind (item) == CW_REPLY_KIND_LOCKED)
        return FALSE;
      strange = strange || cw_reply_item_get_kind (item) == CW_REPLY_KIND_KEY;
    }
  return strange &&
         cw_reply_find_key (reply, cw_certificate_get_key_fingerprint (certificate)) == NULL;
}

static void
append_key_missing (GListStore *findings, const CwReportInput *input)
{
  gboolean strange =
      input->reply != NULL && has_strange_key (input->reply, cw_chain_get_leaf (input->chain));
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "key-missing",
          .severity = strange ? CW_SEVERITY_PROBLEM : CW_SEVERITY_WARNING,
          .title = strange ? _ ("The private key that came along belongs to another certificate")
                           : _ ("Its private key is not here"),
          .meaning = _ ("Without it the certificate cannot be used. The key is on the computer "
                        "where the request was made, and nobody else has it, the CA neither."),
          .remedy = _ ("Bring the key’s file or a PKCS#12 file from there, or bring the "
                       "certificate to that computer. If the key is lost, start a new request."),
      });
}

void
cw_reception_append (GListStore *findings, const CwReportInput *input)
{
  g_return_if_fail (G_IS_LIST_STORE (findings));
  g_return_if_fail (input != NULL);

  if (input->chain == NULL)
    judge_absence (findings, input);
  if (input->chain != NULL && input->other_request != NULL)
    append_other_request (findings, input->other_request);
  if (input->chain != NULL && input->key_missing)
    append_key_missing (findings, input);
}
