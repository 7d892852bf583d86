/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-flow.h"

static const struct
{
  const char *name;
  CwStation station;
} steps[CW_N_STEPS] = {
  [CW_STEP_PURPOSE] = { "purpose", CW_STATION_PURPOSE },
  [CW_STEP_SUBJECT] = { "subject", CW_STATION_SUBJECT },
  [CW_STEP_KEY] = { "key", CW_STATION_KEY },
  [CW_STEP_REVIEW] = { "review", CW_STATION_REQUEST },
  [CW_STEP_REQUEST] = { "request", CW_STATION_REQUEST },
  [CW_STEP_REPLY] = { "reply", CW_STATION_REPLY },
  [CW_STEP_TEST] = { "test", CW_STATION_TEST },
  [CW_STEP_USE] = { "use", CW_STATION_USE },
};

static const char *const station_titles[CW_N_STATIONS] = {
  [CW_STATION_PURPOSE] = NC_ ("station", "What For"),
  [CW_STATION_SUBJECT] = NC_ ("station", "Who"),
  [CW_STATION_KEY] = NC_ ("station", "Key"),
  [CW_STATION_REQUEST] = NC_ ("station", "Request"),
  [CW_STATION_AT_CA] = NC_ ("station", "At the CA"),
  [CW_STATION_REPLY] = NC_ ("station", "Reply"),
  [CW_STATION_TEST] = NC_ ("station", "Test"),
  [CW_STATION_USE] = NC_ ("station", "Use"),
};

static gboolean
has_certificate (CwIdentity *identity)
{
  return cw_identity_get_chain (identity) != NULL;
}

static gboolean
has_request (CwIdentity *identity)
{
  return cw_identity_get_csr (identity) != NULL;
}

/* Nothing is sent to a CA elsewhere, so that there is nothing to wait for. */
static gboolean
is_signed_here (CwIdentity *identity)
{
  return cw_identity_get_signer (identity) != CW_SIGNER_CA;
}

/* The steps that this identity has: one that was imported with its certificate
 * never had a request, and the use of a certificate needs one. */
static gboolean
has_step (CwIdentity *identity, CwStep step)
{
  switch (step)
    {
    case CW_STEP_PURPOSE:
      return !cw_identity_get_is_authority (identity);
    case CW_STEP_SUBJECT:
    case CW_STEP_KEY:
      return has_request (identity) || !has_certificate (identity) || is_signed_here (identity);
    case CW_STEP_REVIEW:
      return !has_certificate (identity) && (!has_request (identity) || is_signed_here (identity));
    case CW_STEP_REQUEST:
      return has_request (identity) && !is_signed_here (identity);
    case CW_STEP_REPLY:
      return has_request (identity) && !has_certificate (identity) && !is_signed_here (identity);
    case CW_STEP_TEST:
    case CW_STEP_USE:
      return has_certificate (identity) && !cw_identity_get_is_authority (identity);
    }
  g_return_val_if_reached (FALSE);
}

const char *
cw_step_get_name (CwStep step)
{
  g_return_val_if_fail (step < CW_N_STEPS, NULL);

  return steps[step].name;
}

CwStation
cw_step_get_station (CwStep step)
{
  g_return_val_if_fail (step < CW_N_STEPS, CW_STATION_PURPOSE);

  return steps[step].station;
}

const char *
cw_station_get_title (CwStation station)
{
  g_return_val_if_fail (station < CW_N_STATIONS, NULL);

  return g_dpgettext2 (GETTEXT_PACKAGE, "station", station_titles[station]);
}

gboolean
cw_station_is_pause (CwStation station)
{
  return station == CW_STATION_AT_CA;
}

gboolean
cw_flow_has_station (CwIdentity *identity, CwStation station)
{
  g_return_val_if_fail (CW_IS_IDENTITY (identity), FALSE);

  switch (station)
    {
    case CW_STATION_AT_CA:
    case CW_STATION_REPLY:
      return !is_signed_here (identity);
    case CW_STATION_PURPOSE:
    case CW_STATION_TEST:
    case CW_STATION_USE:
      return !cw_identity_get_is_authority (identity);
    case CW_STATION_SUBJECT:
    case CW_STATION_KEY:
    case CW_STATION_REQUEST:
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

const char *
cw_flow_get_station_title (CwIdentity *identity, CwStation station)
{
  g_return_val_if_fail (CW_IS_IDENTITY (identity), NULL);

  if (station == CW_STATION_REQUEST && is_signed_here (identity))
    return C_ ("station", "Certificate");
  return cw_station_get_title (station);
}

CwStep
cw_flow_get_start (CwIdentity *identity)
{
  const char *stored;

  g_return_val_if_fail (CW_IS_IDENTITY (identity), CW_STEP_PURPOSE);

  if (has_step (identity, CW_STEP_USE))
    return CW_STEP_USE;

  if (has_step (identity, CW_STEP_REPLY))
    return CW_STEP_REPLY;

  stored = cw_identity_get_step (identity);
  for (CwStep step = CW_STEP_PURPOSE; step <= CW_STEP_REVIEW; step++)
    if (has_step (identity, step) && g_strcmp0 (stored, steps[step].name) == 0)
      return step;

  return has_step (identity, CW_STEP_PURPOSE) ? CW_STEP_PURPOSE : CW_STEP_SUBJECT;
}

gboolean
cw_flow_get_next (CwIdentity *identity, CwStep step, CwStep *next)
{
  g_return_val_if_fail (CW_IS_IDENTITY (identity), FALSE);
  g_return_val_if_fail (next != NULL, FALSE);

  for (CwStep s = step + 1; s < CW_N_STEPS; s++)
    if (has_step (identity, s))
      {
        *next = s;
        return TRUE;
      }

  return FALSE;
}

gboolean
cw_flow_get_previous (CwIdentity *identity, CwStep step, CwStep *previous)
{
  g_return_val_if_fail (CW_IS_IDENTITY (identity), FALSE);
  g_return_val_if_fail (previous != NULL, FALSE);

  for (int s = (int) step - 1; s >= 0; s--)
    if (has_step (identity, s))
      {
        *previous = s;
        return TRUE;
      }

  return FALSE;
}

gboolean
cw_flow_can_visit (CwIdentity *identity, CwStep current, CwStep step)
{
  g_return_val_if_fail (CW_IS_IDENTITY (identity), FALSE);

  if (!has_step (identity, step) || step == current)
    return FALSE;

  /* Before the request, only what was filled in already; later, all there is. */
  return step < current || has_request (identity) || has_certificate (identity);
}

gboolean
cw_flow_is_done (CwIdentity *identity, CwStep current, CwStation station)
{
  g_return_val_if_fail (CW_IS_IDENTITY (identity), FALSE);

  if (station == cw_step_get_station (current))
    return FALSE;
  if (has_certificate (identity))
    return station < CW_STATION_TEST ||
           (station == CW_STATION_TEST && cw_identity_get_test_verdict (identity) != NULL &&
            cw_identity_get_test_severity (identity) != CW_SEVERITY_PROBLEM);
  if (has_request (identity))
    return station <= CW_STATION_REQUEST;

  return station < cw_step_get_station (current);
}

gboolean
cw_flow_is_editable (CwIdentity *identity, CwStep step)
{
  g_return_val_if_fail (CW_IS_IDENTITY (identity), FALSE);

  return step >= CW_STEP_REQUEST || (!has_request (identity) && !has_certificate (identity));
}
