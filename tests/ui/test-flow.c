/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-flow.h"
#include "ui-test.h"

/* One letter for each step and each station, in their order. */
static const char step_letters[] = "PSKVQRTU";
static const char station_letters[] = "PSKQCRTU";

typedef struct
{
  const char *name;
  const char *next;     /* for each step the next one, "-" for none */
  const char *previous; /* the same */
  const char *steps;    /* those it has */
  const char *editable;
  char start;
} Expected;

static const Expected draft = { "draft", "SKV-----", "-PSKVVVV", "PSKV", "PSKVQRTU", 'P' };
static const Expected waiting = { "waiting", "SKQQR---", "-PSKKQRR", "PSKQR", "QRTU", 'R' };
static const Expected ready = { "ready", "SKQQTTU-", "-PSKKQQT", "PSKQTU", "QRTU", 'U' };
static const Expected imported = { "imported", "TTTTTTU-", "-PPPPPPT", "PTU", "QRTU", 'U' };

/* Signed here: nothing goes to a CA. */
static const Expected self_signed = { "self-signed", "SKTTTTU-", "-PSKKKKT", "PSKTU", "QRTU", 'U' };
static const Expected issued = { "issued", "SKTTTTU-", "-PSKKKKT", "PSKTU", "QRTU", 'U' };
static const Expected unissued = { "unissued", "SKV-----", "-PSKVVVV", "PSKV", "QRTU", 'P' };
static const Expected authority = { "authority", "SK------", "--SKKKKK", "SK", "QRTU", 'S' };
static const Expected new_authority = { "new-authority", "SKV-----", "--SKVVVV",
                                        "SKV",           "PSKVQRTU", 'S' };

static CwIdentity *
imported_new (void)
{
  CwIdentity *identity = ui_draft_new (NULL);
  g_autoptr (CwChain) chain = ui_chain_new ("steve@example.com", TRUE);

  cw_identity_set_chain (identity, chain);
  return identity;
}

static CwIdentity *
authority_new (gboolean with_certificate)
{
  CwIdentity *identity = cw_identity_new_authority ();
  g_autoptr (CwChain) chain = ui_chain_new ("Test CA", TRUE);

  if (with_certificate)
    cw_identity_set_chain (identity, chain);
  return identity;
}

static CwIdentity *
signed_by (CwIdentity *identity, CwSigner signer)
{
  cw_identity_set_signer (identity, signer);
  return identity;
}

static CwIdentity *
identity_new (const Expected *expected)
{
  if (expected == &self_signed)
    return signed_by (imported_new (), CW_SIGNER_SELF);
  if (expected == &issued)
    return signed_by (ui_ready_new ("steve@example.com"), CW_SIGNER_AUTHORITY);
  if (expected == &unissued)
    return signed_by (ui_waiting_new ("steve@example.com"), CW_SIGNER_AUTHORITY);
  if (expected == &authority || expected == &new_authority)
    return authority_new (expected == &authority);
  if (expected == &draft)
    return ui_draft_new ("steve@example.com");
  if (expected == &waiting)
    return ui_waiting_new ("steve@example.com");
  if (expected == &ready)
    return ui_ready_new ("steve@example.com");
  return imported_new ();
}

static void
test_order (gconstpointer data)
{
  const Expected *expected = data;
  g_autoptr (CwIdentity) identity = identity_new (expected);

  for (CwStep step = 0; step < CW_N_STEPS; step++)
    {
      CwStep next = 99, previous = 99;
      const gboolean has_next = cw_flow_get_next (identity, step, &next);
      const gboolean has_previous = cw_flow_get_previous (identity, step, &previous);

      g_test_message ("%s at %c", expected->name, step_letters[step]);
      g_assert_cmpint (has_next ? step_letters[next] : '-', ==, expected->next[step]);
      g_assert_cmpint (has_previous ? step_letters[previous] : '-', ==, expected->previous[step]);
      if (!has_next)
        g_assert_cmpint (next, ==, 99);
      if (!has_previous)
        g_assert_cmpint (previous, ==, 99);
    }
}

static void
test_visit (gconstpointer data)
{
  const Expected *expected = data;
  g_autoptr (CwIdentity) identity = identity_new (expected);

  for (CwStep current = 0; current < CW_N_STEPS; current++)
    for (CwStep step = 0; step < CW_N_STEPS; step++)
      {
        const gboolean there = strchr (expected->steps, step_letters[step]) != NULL;
        const gboolean reached =
            (expected != &draft && expected != &new_authority) || step < current;

        g_test_message ("%s at %c to %c", expected->name, step_letters[current],
                        step_letters[step]);
        g_assert_cmpint (cw_flow_can_visit (identity, current, step), ==,
                         there && reached && step != current);
      }
}

static void
test_editable (gconstpointer data)
{
  const Expected *expected = data;
  g_autoptr (CwIdentity) identity = identity_new (expected);

  for (CwStep step = 0; step < CW_N_STEPS; step++)
    g_assert_cmpint (cw_flow_is_editable (identity, step), ==,
                     strchr (expected->editable, step_letters[step]) != NULL);
}

static void
test_start (gconstpointer data)
{
  const Expected *expected = data;
  g_autoptr (CwIdentity) identity = identity_new (expected);

  g_assert_cmpint (step_letters[cw_flow_get_start (identity)], ==, expected->start);
}

static void
test_start_draft (void)
{
  static const struct
  {
    const char *stored;
    CwStep start;
  } cases[] = {
    { NULL, CW_STEP_PURPOSE },
    { "purpose", CW_STEP_PURPOSE },
    { "subject", CW_STEP_SUBJECT },
    { "key", CW_STEP_KEY },
    { "review", CW_STEP_REVIEW },
    { "request", CW_STEP_PURPOSE }, /* not reached without a request */
    { "use", CW_STEP_PURPOSE },
    { "of a later version", CW_STEP_PURPOSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CwIdentity) identity = ui_draft_new (NULL);

      cw_identity_set_step (identity, cases[i].stored);
      g_assert_cmpint (cw_flow_get_start (identity), ==, cases[i].start);
    }
}

/* Where the draft stopped says nothing any more. */
static void
test_start_later (void)
{
  g_autoptr (CwIdentity) identity = ui_waiting_new ("steve@example.com");
  g_autoptr (CwIdentity) replaced = ui_ready_new ("steve@example.com");

  cw_identity_set_step (identity, "key");
  g_assert_cmpint (cw_flow_get_start (identity), ==, CW_STEP_REPLY);

  cw_identity_set_step (replaced, "purpose");
  cw_identity_set_replaced_by (replaced, cw_identity_get_id (identity));
  g_assert_cmpint (cw_identity_get_state (replaced, NULL), ==, CW_IDENTITY_REPLACED);
  g_assert_cmpint (cw_flow_get_start (replaced), ==, CW_STEP_USE);
}

static void
assert_done (CwIdentity *identity, CwStep current, const char *done)
{
  for (CwStation station = 0; station < CW_N_STATIONS; station++)
    {
      g_test_message ("at %c: station %c", step_letters[current], station_letters[station]);
      g_assert_cmpint (cw_flow_is_done (identity, current, station), ==,
                       strchr (done, station_letters[station]) != NULL);
    }
}

static void
test_done (void)
{
  g_autoptr (CwIdentity) a_draft = identity_new (&draft);
  g_autoptr (CwIdentity) a_waiting = identity_new (&waiting);
  g_autoptr (CwIdentity) a_ready = identity_new (&ready);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  assert_done (a_draft, CW_STEP_PURPOSE, "");
  assert_done (a_draft, CW_STEP_SUBJECT, "P");
  assert_done (a_draft, CW_STEP_KEY, "PS");
  assert_done (a_draft, CW_STEP_REVIEW, "PSK");

  assert_done (a_waiting, CW_STEP_PURPOSE, "SKQ");
  assert_done (a_waiting, CW_STEP_SUBJECT, "PKQ");
  assert_done (a_waiting, CW_STEP_KEY, "PSQ");
  assert_done (a_waiting, CW_STEP_REQUEST, "PSK");
  assert_done (a_waiting, CW_STEP_REPLY, "PSKQ"); /* the CA has not answered yet */

  assert_done (a_ready, CW_STEP_KEY, "PSQCR");
  assert_done (a_ready, CW_STEP_REQUEST, "PSKCR");
  assert_done (a_ready, CW_STEP_USE, "PSKQCR");
  cw_identity_set_test (a_ready, "works", CW_SEVERITY_GOOD, now);
  assert_done (a_ready, CW_STEP_USE, "PSKQCRT");
  cw_identity_set_test (a_ready, "refused", CW_SEVERITY_PROBLEM, now);
  assert_done (a_ready, CW_STEP_USE, "PSKQCR");
}

static void
assert_stations (const Expected *expected, const char *stations, const char *title)
{
  g_autoptr (CwIdentity) identity = identity_new (expected);

  for (CwStation station = 0; station < CW_N_STATIONS; station++)
    {
      g_test_message ("%s: station %c", expected->name, station_letters[station]);
      g_assert_cmpint (cw_flow_has_station (identity, station), ==,
                       strchr (stations, station_letters[station]) != NULL);
    }
  g_assert_cmpstr (cw_flow_get_station_title (identity, CW_STATION_REQUEST), ==, title);
}

static void
test_has_station (void)
{
  assert_stations (&draft, "PSKQCRTU", "Request");
  assert_stations (&ready, "PSKQCRTU", "Request");
  assert_stations (&self_signed, "PSKQTU", "Certificate");
  assert_stations (&issued, "PSKQTU", "Certificate");
  assert_stations (&authority, "SKQ", "Certificate");
}

static void
test_names (void)
{
  static const char *const names[] = {
    "purpose", "subject", "key", "review", "request", "reply", "test", "use",
  };

  for (CwStep step = 0; step < CW_N_STEPS; step++)
    g_assert_cmpstr (cw_step_get_name (step), ==, names[step]);

  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*step < CW_N_STEPS*");
  g_assert_null (cw_step_get_name (CW_N_STEPS));
  g_test_assert_expected_messages ();
}

static void
test_stations (void)
{
  guint pauses = 0;

  for (CwStation station = 0; station < CW_N_STATIONS; station++)
    {
      pauses += cw_station_is_pause (station);
      g_assert_cmpstr (cw_station_get_title (station), !=, "");
    }
  g_assert_cmpuint (pauses, ==, 1);
  g_assert_true (cw_station_is_pause (CW_STATION_AT_CA));

  /* Two steps, one station: the first of them is gone to. */
  g_assert_cmpint (cw_step_get_station (CW_STEP_REVIEW), ==, CW_STATION_REQUEST);
  g_assert_cmpint (cw_step_get_station (CW_STEP_REQUEST), ==, CW_STATION_REQUEST);
}

int
main (int argc, char *argv[])
{
  static const Expected *const all[] = { &draft,    &waiting,     &ready,
                                         &imported, &self_signed, &issued,
                                         &unissued, &authority,   &new_authority };

  ui_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autofree char *order = g_strconcat ("/flow/order/", all[i]->name, NULL);
      g_autofree char *visit = g_strconcat ("/flow/visit/", all[i]->name, NULL);
      g_autofree char *editable = g_strconcat ("/flow/editable/", all[i]->name, NULL);
      g_autofree char *start = g_strconcat ("/flow/start/", all[i]->name, NULL);

      g_test_add_data_func (order, all[i], test_order);
      g_test_add_data_func (visit, all[i], test_visit);
      g_test_add_data_func (editable, all[i], test_editable);
      g_test_add_data_func (start, all[i], test_start);
    }
  g_test_add_func ("/flow/start/stored-step", test_start_draft);
  g_test_add_func ("/flow/start/later-states", test_start_later);
  g_test_add_func ("/flow/done", test_done);
  g_test_add_func ("/flow/has-station", test_has_station);
  g_test_add_func ("/flow/names", test_names);
  g_test_add_func ("/flow/stations", test_stations);

  return ui_test_run ();
}
