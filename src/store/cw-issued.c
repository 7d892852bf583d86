/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-issued.h"

struct _CwIssued
{
  GObject parent_instance;

  char *authority_id;
  CwCertificate *certificate;
  GDateTime *issued_at;
  GDateTime *revoked_at;
  CwRevocationReason reason;
};

G_DEFINE_FINAL_TYPE (CwIssued, cw_issued, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
cw_issued_class_init (CwIssuedClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", CW_TYPE_ISSUED, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
cw_issued_init (CwIssued *self)
{
}

const char *
cw_issued_get_authority_id (CwIssued *self)
{
  return self->authority_id;
}

CwCertificate *
cw_issued_get_certificate (CwIssued *self)
{
  return self->certificate;
}

GDateTime *
cw_issued_get_issued_at (CwIssued *self)
{
  return self->issued_at;
}

gboolean
cw_issued_is_revoked (CwIssued *self)
{
  return self->revoked_at != NULL;
}

GDateTime *
cw_issued_get_revoked_at (CwIssued *self)
{
  return self->revoked_at;
}

CwRevocationReason
cw_issued_get_reason (CwIssued *self)
{
  return self->reason;
}

char *
cw_issued_get_status (CwIssued *self, GDateTime *now)
{
  return g_strdup ("");
}
