/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-finding-private.h"
#include "cw-text.h"

struct _CwFinding
{
  GObject parent;

  char *id;
  CwSeverity severity;
  char *title;
  char *meaning;
  char *remedy;
  char *ca_text;
};

G_DEFINE_FINAL_TYPE (CwFinding, cw_finding, G_TYPE_OBJECT)

/* As in the table of cw-report.h. */
static const char *const ids[] = {
  "no-certificate",
  "other-request",
  "key-missing",
  "subject-same",
  "subject-changed",
  "alt-names-same",
  "alt-name-missing",
  "alt-name-added",
  "usages-same",
  "usage-missing",
  "usage-added",
  "client-auth-missing",
  "server-auth-missing",
  "host-name-missing",
  "any-usage-only",
  "key-usage-no-signature",
  "is-ca",
  "version-1",
  "key-unusable",
  "key-weak",
  "key-unusual",
  "key-kind-unusual",
  "signature-weak",
  "validity-good",
  "expires-soon",
  "expired",
  "not-yet-valid",
  "clock-wrong",
  "chain-expired",
  "outlives-issuer",
  "validity-reversed",
  "validity-malformed",
  "chain-complete",
  "chain-incomplete",
  "chain-wrong",
  "root-for-intermediate",
  "signature-unknown",
  "signature-broken",
  "self-signed",
  "chain-invalid",
  "strict-refused",
  "not-a-ca",
  "ca-usage-limited",
  "path-length-exceeded",
  "name-constraints-violated",
  "name-constraints-unclear",
  "name-constraints-in-leaf",
  "alt-name-malformed",
  "critical-extension-unknown",
  "authority-key-id-missing",
  "subject-key-id-missing",
  "key-id-critical",
  "ca-mark-not-critical",
  "ca-key-usage-missing",
  "ca-rights-misplaced",
  "name-empty",
  "signature-inconsistent",
  "version-inconsistent",
  "curve-spelt-out",
  "serial-invalid",
  "revoked",
  "not-revoked",
  "revocation-unknown",
  "crl-out-of-date",
  "crl-without-number",
  "crl-unverified",
  NULL,
};

static void
cw_finding_finalize (GObject *object)
{
  CwFinding *self = CW_FINDING (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->meaning, g_free);
  g_clear_pointer (&self->remedy, g_free);
  g_clear_pointer (&self->ca_text, g_free);

  G_OBJECT_CLASS (cw_finding_parent_class)->finalize (object);
}

static void
cw_finding_class_init (CwFindingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_finding_finalize;
}

static void
cw_finding_init (CwFinding *self)
{
}

const char *const *
cw_finding_get_ids (void)
{
  return ids;
}

const char *
cw_finding_get_id (CwFinding *self)
{
  g_return_val_if_fail (CW_IS_FINDING (self), NULL);

  return self->id;
}

CwSeverity
cw_finding_get_severity (CwFinding *self)
{
  g_return_val_if_fail (CW_IS_FINDING (self), CW_SEVERITY_PROBLEM);

  return self->severity;
}

const char *
cw_finding_get_title (CwFinding *self)
{
  g_return_val_if_fail (CW_IS_FINDING (self), NULL);

  return self->title;
}

const char *
cw_finding_get_meaning (CwFinding *self)
{
  g_return_val_if_fail (CW_IS_FINDING (self), NULL);

  return self->meaning;
}

const char *
cw_finding_get_remedy (CwFinding *self)
{
  g_return_val_if_fail (CW_IS_FINDING (self), NULL);

  return self->remedy;
}

const char *
cw_finding_get_ca_text (CwFinding *self)
{
  g_return_val_if_fail (CW_IS_FINDING (self), NULL);

  return self->ca_text;
}

CwFinding *
cw_finding_new (
    const char *id, CwSeverity severity, const char *title, const char *meaning, const char *remedy)
{
  g_return_val_if_fail (id != NULL && title != NULL, NULL);

  CwFinding *self = g_object_new (CW_TYPE_FINDING, NULL);
  self->id = g_strdup (id);
  self->severity = severity;
  self->title = g_strdup (title);
  self->meaning = g_strdup (meaning);
  self->remedy = g_strdup (remedy);
  return self;
}

void
cw_finding_append (GListStore *findings, const CwFindingTexts *texts)
{
  g_return_if_fail (G_IS_LIST_STORE (findings));
  g_return_if_fail (texts != NULL && texts->id != NULL && texts->title != NULL);
  g_return_if_fail (g_strv_contains (ids, texts->id));

  g_autoptr (CwFinding) self =
      cw_finding_new (texts->id, texts->severity, texts->title, texts->meaning, texts->remedy);
  self->ca_text = g_strdup (texts->ca_text);
  g_list_store_append (findings, self);
}

char *
cw_finding_letter (CwCertificate *got, const char *fault)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (got), NULL);
  g_return_val_if_fail (fault != NULL, NULL);

  g_autofree char *serial = cw_text_clean (cw_certificate_get_serial (got));
  /* Translators: a letter to the CA: the certificate's name, its serial
   * number, and a sentence that says what is wrong with it */
  return g_strdup_printf (_ ("Hello,\n\n"
                             "thank you for the certificate for “%s” (serial number %s). %s\n\n"
                             "Could you issue it again from the same request, with this put right? "
                             "The key has not changed.\n\n"
                             "Kind regards\n"),
                          cw_certificate_get_title (got), serial, fault);
}
