/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-dialogs.h"
#include "cw-fingerprint.h"
#include "cw-trust-offer.h"

struct _CwTrustOffer
{
  AdwBin parent_instance;

  AdwPreferencesGroup *choice_group;
  AdwPreferencesRow *choice_row;
  GtkWidget *choice_button;
  AdwPreferencesGroup *ca_group;
  GtkLabel *name;
  GtkLabel *fingerprint;
  GtkButton *trust_button;

  CwIdentity *identity;
  CwServerCas choice; /* what would do, if the group is shown */
  CwCertificate *ca;  /* what the server presented, and would do */
};

G_DEFINE_FINAL_TYPE (CwTrustOffer, cw_trust_offer, ADW_TYPE_BIN)

enum
{
  TAKEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Another choice */

static const char *
choice_get_title (CwServerCas choice, CwSigner signer)
{
  switch (choice)
    {
    case CW_SERVER_CAS_SYSTEM:
      return _ ("The system’s CAs");
    case CW_SERVER_CAS_REPLY:
      return signer == CW_SIGNER_AUTHORITY ? _ ("The CA that signed it")
                                           : _ ("The CAs that came with the reply");
    case CW_SERVER_CAS_FILE:
      return _ ("CAs from a file");
    }
  g_return_val_if_reached (NULL);
}

static gboolean
find_choice (CwConnectionResult *result, CwServerCas *choice)
{
  switch (cw_connection_result_get_working_choice (result))
    {
    case CW_TRUST_SYSTEM:
      *choice = CW_SERVER_CAS_SYSTEM;
      return TRUE;
    case CW_TRUST_REPLY:
      *choice = CW_SERVER_CAS_REPLY;
      return TRUE;
    case CW_TRUST_FILE:
      *choice = CW_SERVER_CAS_FILE;
      return TRUE;
    case CW_TRUST_NONE:
    default:
      return FALSE;
    }
}

/* The first of the choices that verify it may be another one than was made, which verifies
 * it just as well: then there is nothing to offer. */
static gboolean
has_other_choice (CwTrustOffer *self, CwConnectionResult *result)
{
  const char *verdict = cw_finding_get_id (cw_connection_result_get_verdict (result));

  return (g_str_equal (verdict, "server-other-choice") ||
          cw_connection_result_find (result, "server-other-choice")) &&
         find_choice (result, &self->choice) &&
         self->choice != cw_identity_get_server_cas (self->identity);
}

static void
choice_clicked_cb (CwTrustOffer *self)
{
  cw_identity_set_server_cas (self->identity, self->choice);
  g_signal_emit (self, signals[TAKEN], 0);
}

/* The CA that the server presented */

static void
trust (CwTrustOffer *self, CwCertificate *ca)
{
  g_autoptr (GPtrArray) cas = g_ptr_array_new ();
  g_autofree char *pem = NULL;

  g_ptr_array_add (cas, ca);
  pem = cw_certificates_to_pem (cas);
  cw_identity_set_server_cas_pem (self->identity, pem);
  cw_identity_set_server_cas (self->identity, CW_SERVER_CAS_FILE);
  g_signal_emit (self, signals[TAKEN], 0);
}

static void
confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwTrustOffer *self = CW_TRUST_OFFER (source);
  g_autoptr (CwCertificate) ca = user_data;

  /* What was said yes to; the page may have been left, or another test made. */
  if (cw_dialog_confirm_finish (GTK_WIDGET (self), result) && ca == self->ca)
    trust (self, ca);
}

static char *
describe_consequences (CwTrustOffer *self)
{
  g_autofree char *fingerprint = cw_fingerprint_wrap (cw_certificate_get_fingerprint (self->ca));
  g_autofree char *what =
      g_strdup_printf (_ ("Has the server’s owner confirmed this fingerprint?\n\n%s\n\nWhoever "
                          "holds its key can pretend to be the server."),
                       fingerprint);

  if (!cw_identity_get_server_cas_pem (self->identity))
    return g_steal_pointer (&what);

  return g_strconcat (what, "\n\n", _ ("It takes the place of the CAs of the file that you chose."),
                      NULL);
}

static void
trust_clicked_cb (CwTrustOffer *self)
{
  g_autofree char *heading = NULL;
  g_autofree char *body = describe_consequences (self);

  /* Translators: %s is the name of a CA */
  heading = g_strdup_printf (_ ("Trust “%s”?"), cw_certificate_get_title (self->ca));
  cw_dialog_confirm_async (GTK_WIDGET (self), heading, body, _ ("_Trust"), TRUE, confirmed_cb,
                           g_object_ref (self->ca));
}

static void
fill_ca (CwTrustOffer *self)
{
  g_autofree char *fingerprint = cw_fingerprint_wrap (cw_certificate_get_fingerprint (self->ca));
  const gboolean is_ca = cw_certificate_is_ca (self->ca);

  adw_preferences_group_set_title (self->ca_group,
                                   is_ca ? _ ("The CA That the Server Presented")
                                         : _ ("The Certificate That the Server Presented"));
  gtk_label_set_label (self->name, cw_certificate_get_title (self->ca));
  gtk_label_set_label (self->fingerprint, fingerprint);
  gtk_button_set_label (self->trust_button,
                        is_ca ? _ ("_Trust This CA…") : _ ("_Trust This Certificate…"));
  cw_accessibility_name_buttons (GTK_WIDGET (self));
}

static void
cw_trust_offer_dispose (GObject *object)
{
  CwTrustOffer *self = CW_TRUST_OFFER (object);

  g_clear_object (&self->identity);
  g_clear_object (&self->ca);

  G_OBJECT_CLASS (cw_trust_offer_parent_class)->dispose (object);
}

static void
cw_trust_offer_class_init (CwTrustOfferClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_trust_offer_dispose;

  signals[TAKEN] = g_signal_new ("taken", CW_TYPE_TRUST_OFFER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-trust-offer.ui");
  gtk_widget_class_bind_template_child (widget_class, CwTrustOffer, choice_group);
  gtk_widget_class_bind_template_child (widget_class, CwTrustOffer, choice_row);
  gtk_widget_class_bind_template_child (widget_class, CwTrustOffer, choice_button);
  gtk_widget_class_bind_template_child (widget_class, CwTrustOffer, ca_group);
  gtk_widget_class_bind_template_child (widget_class, CwTrustOffer, name);
  gtk_widget_class_bind_template_child (widget_class, CwTrustOffer, fingerprint);
  gtk_widget_class_bind_template_child (widget_class, CwTrustOffer, trust_button);
  gtk_widget_class_bind_template_callback (widget_class, choice_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, trust_clicked_cb);
}

static void
cw_trust_offer_init (CwTrustOffer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cw_accessibility_name_buttons (GTK_WIDGET (self));
}

void
cw_trust_offer_set_result (CwTrustOffer *self, CwIdentity *identity, CwConnectionResult *result)
{
  gboolean other;

  g_return_if_fail (CW_IS_TRUST_OFFER (self));
  g_return_if_fail (!result || CW_IS_IDENTITY (identity));

  g_set_object (&self->identity, identity);
  g_clear_object (&self->ca);
  other = result && has_other_choice (self, result);
  if (other)
    adw_preferences_row_set_title (
        self->choice_row, choice_get_title (self->choice, cw_identity_get_signer (identity)));

  /* The choices are a person's; what a server sends is anybody's, and comes last. */
  if (result && !other)
    g_set_object (&self->ca, cw_connection_result_get_offered_ca (result));
  if (self->ca)
    fill_ca (self);
  gtk_widget_set_visible (GTK_WIDGET (self->choice_group), other);
  gtk_widget_set_visible (GTK_WIDGET (self->ca_group), self->ca != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), other || self->ca);
}
