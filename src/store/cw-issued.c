/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-issued.h"

#include <glib/gi18n-lib.h>

#include "cw-date.h"
#include "cw-issued-private.h"

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

static gint64
seconds_of (GDateTime *when)
{
  return when ? g_date_time_to_unix (when) : 0;
}

static void
set_revoked (CwIssued *self, const CwIssuedRow *row)
{
  g_clear_pointer (&self->revoked_at, g_date_time_unref);
  if (row->revoked_at)
    self->revoked_at = g_date_time_new_from_unix_utc (row->revoked_at);
  self->reason = row->reason;
}

static void
cw_issued_finalize (GObject *object)
{
  CwIssued *self = CW_ISSUED (object);

  g_clear_pointer (&self->authority_id, g_free);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->issued_at, g_date_time_unref);
  g_clear_pointer (&self->revoked_at, g_date_time_unref);

  G_OBJECT_CLASS (cw_issued_parent_class)->finalize (object);
}

static void
cw_issued_class_init (CwIssuedClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_issued_finalize;

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
  g_return_val_if_fail (CW_IS_ISSUED (self), NULL);

  return self->authority_id;
}

CwCertificate *
cw_issued_get_certificate (CwIssued *self)
{
  g_return_val_if_fail (CW_IS_ISSUED (self), NULL);

  return self->certificate;
}

GDateTime *
cw_issued_get_issued_at (CwIssued *self)
{
  g_return_val_if_fail (CW_IS_ISSUED (self), NULL);

  return self->issued_at;
}

gboolean
cw_issued_is_revoked (CwIssued *self)
{
  g_return_val_if_fail (CW_IS_ISSUED (self), FALSE);

  return self->revoked_at != NULL;
}

GDateTime *
cw_issued_get_revoked_at (CwIssued *self)
{
  g_return_val_if_fail (CW_IS_ISSUED (self), NULL);

  return self->revoked_at;
}

CwRevocationReason
cw_issued_get_reason (CwIssued *self)
{
  g_return_val_if_fail (CW_IS_ISSUED (self), CW_REVOCATION_UNSPECIFIED);

  return self->reason;
}

char *
cw_issued_get_status (CwIssued *self, GDateTime *now)
{
  g_autoptr (GDateTime) clock = NULL;
  g_autofree char *day = NULL;
  GDateTime *not_after;

  g_return_val_if_fail (CW_IS_ISSUED (self), NULL);

  clock = now ? g_date_time_ref (now) : g_date_time_new_now_utc ();
  not_after = cw_certificate_get_not_after (self->certificate);
  day = cw_date_format_day (self->revoked_at ? self->revoked_at : not_after);
  if (self->revoked_at)
    /* Translators: of a certificate; %s is a day, as in "3 May 2027" */
    return g_strdup_printf (_ ("Revoked on %s"), day);
  if (g_date_time_compare (not_after, clock) < 0)
    /* Translators: of a certificate; %s is a day, as in "3 May 2027" */
    return g_strdup_printf (_ ("Expired on %s"), day);

  /* Translators: of a certificate; %s is a day, as in "3 May 2027" */
  return g_strdup_printf (_ ("Valid until %s"), day);
}

void
cw_issued_row_free (CwIssuedRow *row)
{
  g_clear_pointer (&row->authority_id, g_free);
  g_clear_object (&row->certificate);
  g_free (row);
}

CwIssued *
cw_issued_new_for_row (const CwIssuedRow *row)
{
  CwIssued *self = g_object_new (CW_TYPE_ISSUED, NULL);

  self->authority_id = g_strdup (row->authority_id);
  self->certificate = g_object_ref (row->certificate);
  self->issued_at = g_date_time_new_from_unix_utc (row->issued_at);
  set_revoked (self, row);
  return self;
}

CwIssuedRow *
cw_issued_to_row (CwIssued *self)
{
  CwIssuedRow *row;

  g_return_val_if_fail (CW_IS_ISSUED (self), NULL);

  row = g_new0 (CwIssuedRow, 1);
  row->authority_id = g_strdup (self->authority_id);
  row->certificate = g_object_ref (self->certificate);
  row->issued_at = seconds_of (self->issued_at);
  row->revoked_at = seconds_of (self->revoked_at);
  row->reason = self->reason;
  return row;
}

void
cw_issued_apply (CwIssued *self, const CwIssuedRow *row)
{
  g_return_if_fail (CW_IS_ISSUED (self));
  g_return_if_fail (row);

  if (seconds_of (self->revoked_at) == row->revoked_at)
    return;

  set_revoked (self, row);
  g_signal_emit (self, signals[CHANGED], 0);
}
