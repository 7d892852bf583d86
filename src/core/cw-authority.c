/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-authority.h"
#include "cw-error.h"

struct _CwAuthority
{
  GObject parent_instance;

  CwCertificate *certificate;
  CwKey *key;
};

G_DEFINE_FINAL_TYPE (CwAuthority, cw_authority, G_TYPE_OBJECT)

static void
cw_authority_class_init (CwAuthorityClass *klass)
{
}

static void
cw_authority_init (CwAuthority *self)
{
}

const char *
cw_revocation_reason_get_id (CwRevocationReason reason)
{
  return "unspecified";
}

gboolean
cw_revocation_reason_from_id (const char *id, CwRevocationReason *reason)
{
  return FALSE;
}

const char *
cw_revocation_reason_get_title (CwRevocationReason reason)
{
  return "";
}

CwCertificate *
cw_authority_create_certificate (CwRequest *request, CwKey *key, GError **error)
{
  g_set_error_literal (error, CW_ERROR, CW_ERROR_FAILED, "not yet");

  return NULL;
}

CwAuthority *
cw_authority_new (CwCertificate *certificate, CwKey *key, GError **error)
{
  g_set_error_literal (error, CW_ERROR, CW_ERROR_FAILED, "not yet");

  return NULL;
}

CwCertificate *
cw_authority_get_certificate (CwAuthority *self)
{
  return self->certificate;
}

gboolean
cw_authority_clip (CwCertificate *certificate, guint days, GDateTime **not_after)
{
  return FALSE;
}

CwCertificate *
cw_authority_sign (CwAuthority *self, CwGrant *grant, GError **error)
{
  g_set_error_literal (error, CW_ERROR, CW_ERROR_FAILED, "not yet");

  return NULL;
}

CwCrl *
cw_authority_create_crl (
    CwAuthority *self, GPtrArray *revoked, guint64 number, guint days, GError **error)
{
  g_set_error_literal (error, CW_ERROR, CW_ERROR_FAILED, "not yet");

  return NULL;
}
