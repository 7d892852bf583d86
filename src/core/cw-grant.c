/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-error.h"
#include "cw-grant.h"

struct _CwGrant
{
  GObject parent_instance;

  GBytes *csr;
  CwRequest *asked;
  CwRequest *request;
  GPtrArray *ignored;
  CwKey *key;
};

G_DEFINE_FINAL_TYPE (CwGrant, cw_grant, G_TYPE_OBJECT)

static void
cw_grant_finalize (GObject *object)
{
  CwGrant *self = CW_GRANT (object);

  g_clear_pointer (&self->csr, g_bytes_unref);
  g_clear_object (&self->asked);
  g_clear_object (&self->request);
  g_clear_pointer (&self->ignored, g_ptr_array_unref);
  g_clear_pointer (&self->key, cw_key_unref);

  G_OBJECT_CLASS (cw_grant_parent_class)->finalize (object);
}

static void
cw_grant_class_init (CwGrantClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_grant_finalize;
}

static void
cw_grant_init (CwGrant *self)
{
}

CwGrant *
cw_grant_new_from_csr (GBytes *csr, GError **error)
{
  g_set_error_literal (error, CW_ERROR, CW_ERROR_FAILED, "not yet");

  return NULL;
}

CwRequest *
cw_grant_get_asked (CwGrant *self)
{
  return self->asked;
}

CwRequest *
cw_grant_get_request (CwGrant *self)
{
  return self->request;
}

void
cw_grant_set_purpose (CwGrant *self, const char *usage)
{
}

GPtrArray *
cw_grant_get_ignored (CwGrant *self)
{
  return self->ignored;
}

const char *
cw_grant_get_key_title (CwGrant *self)
{
  return cw_key_get_title (self->key);
}

const char *
cw_grant_get_key_fingerprint (CwGrant *self)
{
  return cw_key_get_fingerprint (self->key);
}

GBytes *
cw_grant_get_csr (CwGrant *self)
{
  return self->csr;
}

gboolean
cw_grant_check (CwGrant *self, GError **error)
{
  return cw_request_check (self->request, error);
}
