/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-identity.h"
#include "cw-profile.h"
#include "cw-store.h"

G_BEGIN_DECLS

/**
 * CwPage:
 *
 * The content of one step of the wizard. It knows the identity that it is
 * about, never the window. Title, description, scrolling, Back and Next are
 * the wizard's.
 */
#define CW_TYPE_PAGE (cw_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (CwPage, cw_page, CW, PAGE, AdwBin)

/**
 * CwPageClass:
 * @enter: the page is about to be shown: fill it from the identity
 * @leave: the page is no longer shown: drop what should not stay in memory
 * @get_first: (nullable): what has the keyboard first, which may be %NULL. Not the widget's
 *   own "grab_focus": GTK asks for that too where Shift and Tab lead out of the page.
 * @apply_async: (nullable): what Next does before the next step follows. With
 *   %NULL it does nothing, and succeeds.
 * @apply_finish: its end; an error keeps the page on the screen
 */
struct _CwPageClass
{
  AdwBinClass parent_class;

  void (*enter) (CwPage *self);
  void (*leave) (CwPage *self);
  GtkWidget *(*get_first) (CwPage *self);
  void (*apply_async) (CwPage *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*apply_finish) (CwPage *self, GAsyncResult *result, GError **error);
};

/**
 * CwPage::go-to:
 * @step: a #CwStep
 *
 * The page asks the wizard to show another step of this identity.
 */

/**
 * CwPage::open-identity:
 * @identity: another #CwIdentity
 *
 * The page found that what was brought belongs to another identity.
 */

/**
 * CwPage::toast:
 * @toast: an #AdwToast: a passing message
 */

const char *cw_page_get_title (CwPage *self);
void cw_page_set_title (CwPage *self, const char *title);
const char *cw_page_get_description (CwPage *self);
void cw_page_set_description (CwPage *self, const char *description);

/* Whether Next is possible. */
gboolean cw_page_get_complete (CwPage *self);
void cw_page_set_complete (CwPage *self, gboolean complete);

/* Whether its entries may be changed: a property, "editable", that the page's inputs are
 * bound to. What was asked for is fixed once the request exists. */
gboolean cw_page_get_editable (CwPage *self);
void cw_page_set_editable (CwPage *self, gboolean editable);

/* The verb on the Next button, with its mnemonic's underscore; NULL hides it. */
const char *cw_page_get_next_label (CwPage *self);
void cw_page_set_next_label (CwPage *self, const char *label);

/* What the page does at the moment, for the progress display; NULL for nothing. */
const char *cw_page_get_activity (CwPage *self);
void cw_page_set_activity (CwPage *self, const char *activity);

CwIdentity *cw_page_get_identity (CwPage *self); /* (transfer none) (nullable) */
CwStore *cw_page_get_store (CwPage *self);       /* (transfer none) */
GListModel *cw_page_get_profiles (CwPage *self); /* (transfer none), of CwProfile */

/* The identity's profile; (transfer full) (nullable). */
CwProfile *cw_page_dup_profile (CwPage *self);

void cw_page_enter (CwPage *self);
void cw_page_leave (CwPage *self);
void cw_page_apply_async (CwPage *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean cw_page_apply_finish (CwPage *self, GAsyncResult *result, GError **error);

/**
 * cw_page_show_child:
 * @child: an input of the page, also one that was added just now
 *
 * Gives it the keyboard, and scrolls to it as soon as it has its place.
 */
void cw_page_show_child (CwPage *self, GtkWidget *child);

/* For the pages themselves. */
void cw_page_go_to (CwPage *self, guint step);
void cw_page_open_identity (CwPage *self, CwIdentity *identity);
void cw_page_toast (CwPage *self, const char *text);

/**
 * cw_page_toast_undo:
 * @text: what was removed
 * @undo: called with the page when "Undo" is pressed
 *
 * A passing message that ends before the next one of its kind, and when the page is left.
 */
void cw_page_toast_undo (CwPage *self, const char *text, void (*undo) (CwPage *self));

G_END_DECLS
