/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "cw-crl.h"
#include "cw-error.h"
#include "pki.h"

static void
test_read (void)
{
  Pki pki;
  pki_init (&pki);
  g_autoptr (CwCrl) crl = pki_make_crl (
      &(PkiCrlSpec){ .issuer = pki.middle, .issuer_key = pki.middle_key, .revoked = pki.leaf });
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_assert_cmpstr (cw_subject_get (cw_crl_get_issuer (crl), "CN"), ==, "Test Intermediate");
  g_assert_cmpint (g_date_time_compare (cw_crl_get_this_update (crl), now), <, 0);
  g_assert_cmpint (g_date_time_compare (cw_crl_get_next_update (crl), now), >, 0);
  g_assert_true (cw_crl_has_number (crl));

  g_autoptr (CwCrl) sloppy = pki_make_crl (
      &(PkiCrlSpec){ .issuer = pki.middle, .issuer_key = pki.middle_key, .no_number = TRUE });
  g_assert_false (cw_crl_has_number (sloppy));
  g_assert_false (cw_crl_is_limited (sloppy));

  g_autoptr (CwCrl) part = pki_make_crl (
      &(PkiCrlSpec){ .issuer = pki.middle, .issuer_key = pki.middle_key, .limited = TRUE });
  g_assert_true (cw_crl_is_limited (part));
  pki_clear (&pki);
}

static void
test_issuer (void)
{
  Pki pki;
  pki_init (&pki);
  g_autoptr (CwCrl) crl =
      pki_make_crl (&(PkiCrlSpec){ .issuer = pki.middle, .issuer_key = pki.middle_key });
  g_assert_true (cw_crl_names_issuer_of (crl, pki.leaf));
  g_assert_false (cw_crl_names_issuer_of (crl, pki.middle));
  g_assert_true (cw_crl_is_issued_by (crl, pki.middle));
  g_assert_false (cw_crl_is_issued_by (crl, pki.root));

  /* The name is right, the signature another's. */
  g_autoptr (CwCrl) forged =
      pki_make_crl (&(PkiCrlSpec){ .issuer = pki.middle, .issuer_key = pki.root_key });
  g_assert_true (cw_crl_names_issuer_of (forged, pki.leaf));
  g_assert_false (cw_crl_is_issued_by (forged, pki.middle));
  pki_clear (&pki);
}

static void
test_revocation (void)
{
  Pki pki;
  pki_init (&pki);
  PkiCrlSpec spec = { .issuer = pki.middle, .issuer_key = pki.middle_key, .revoked = pki.leaf };
  g_autoptr (CwCrl) crl = pki_make_crl (&spec);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) since = NULL;
  g_assert_true (cw_crl_find_revocation (crl, pki.leaf, &since));
  g_assert_cmpint (g_date_time_difference (now, since) / G_TIME_SPAN_DAY, ==, 10);
  g_assert_false (cw_crl_find_revocation (crl, pki.middle, NULL));

  spec.restored = TRUE;
  g_autoptr (CwCrl) taken_back = pki_make_crl (&spec);
  g_assert_false (cw_crl_find_revocation (taken_back, pki.leaf, NULL));
  pki_clear (&pki);
}

static void
test_damaged (void)
{
  Pki pki;
  pki_init (&pki);
  g_autoptr (CwCrl) crl =
      pki_make_crl (&(PkiCrlSpec){ .issuer = pki.middle, .issuer_key = pki.middle_key });
  gsize size;
  const guint8 *data = g_bytes_get_data (cw_crl_get_der (crl), &size);
  g_autofree guint8 *longer = g_malloc0 (size + 1);
  memcpy (longer, data, size);

  g_autoptr (GBytes) whole = g_bytes_new (data, size);
  g_autoptr (GBytes) cut = g_bytes_new (data, size - 1);
  g_autoptr (GBytes) followed = g_bytes_new (longer, size + 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwCrl) again = cw_crl_new_from_der (whole, &error);
  g_assert_no_error (error);
  g_assert_nonnull (again);
  g_assert_null (cw_crl_new_from_der (cut, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
  g_clear_error (&error);
  g_assert_null (cw_crl_new_from_der (followed, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
  g_clear_error (&error);
  g_assert_null (cw_crl_new_from_der (cw_certificate_get_der (pki.leaf), &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
  pki_clear (&pki);
}

static void
test_freed (void)
{
  Pki pki;
  pki_init (&pki);
  g_autoptr (CwCrl) crl =
      pki_make_crl (&(PkiCrlSpec){ .issuer = pki.middle, .issuer_key = pki.middle_key });
  g_assert_finalize_object (g_steal_pointer (&crl));
  pki_clear (&pki);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crl/read", test_read);
  g_test_add_func ("/crl/issuer", test_issuer);
  g_test_add_func ("/crl/revocation", test_revocation);
  g_test_add_func ("/crl/damaged", test_damaged);
  g_test_add_func ("/crl/freed", test_freed);
  return g_test_run ();
}
