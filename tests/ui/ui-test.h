/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tests of the interface share. They run in a private session, see
 * tests/session.
 */

#pragma once

#include <adwaita.h>

#include "cw-store.h"

G_BEGIN_DECLS

/* Environment, GTest and libadwaita; ends the program outside of a private session. */
void ui_test_init (int *argc, char ***argv);

/* g_test_run(), after which the threads of the background have ended: what
 * OpenSSL keeps for each is lost if it ends while the program does. */
int ui_test_run (void);

/* Runs the main loop until @condition holds. */
typedef gboolean (*UiCondition) (gpointer data);
void ui_wait (UiCondition condition, gpointer data);

/* Runs what the main loop has to do just now. */
void ui_settle (void);

/* Unrefs @object (transfer full) and proves that it was the last reference,
 * once what runs in the background has ended. */
void ui_assert_freed (gpointer object);

/* A window with @child in it, shown. */
GtkWindow *ui_show (GtkWidget *child);

/* Destroys @window, and proves that it, and @child if any, are freed. */
void ui_assert_window_freed (GtkWindow *window, GtkWidget *child);

/* The first below @root of that type, and with that text: a button's label or
 * tooltip, a row's title, a label's text. NULL if there is none. */
GtkWidget *ui_look_for (GtkWidget *root, GType type, const char *text);

/* The same; fails the test if there is none. */
GtkWidget *ui_find (GtkWidget *root, GType type, const char *text);

/* The stack below @root that has a page of that name: menus have stacks too. */
GtkStack *ui_find_stack (GtkWidget *root, const char *name);

/* How many of that type and text there are. */
guint ui_count (GtkWidget *root, GType type, const char *text);

/* Whether a label that is not hidden below @root says @text somewhere. */
gboolean ui_says (GtkWidget *root, const char *text);

/* Presses a button that can be pressed. */
void ui_click (GtkWidget *button);

void ui_type (GtkWidget *editable, const char *text);

/* Whether nothing hides @widget, from itself up to @root. */
gboolean ui_is_shown (GtkWidget *widget, GtkWidget *root);

/* An open store on a path of its own. */
CwStore *ui_store_new (void);
CwStore *ui_store_open (const char *path);
void ui_store_save (CwStore *store, CwIdentity *identity);

/* A second store on the same file: what is really saved. */
CwStore *ui_store_reopen (CwStore *store);

/* The built profiles. */
GListModel *ui_profiles_new (void);

/* Identities in each state, made with an EC P-256 key. */
CwIdentity *ui_draft_new (const char *common_name);
CwIdentity *ui_waiting_new (const char *common_name);
CwIdentity *ui_ready_new (const char *common_name);

CwIdentity *ui_ready_new_for_key (const char *common_name, CwKey *key);

/* A leaf with its CAs, or without them. */
CwChain *ui_chain_new (const char *common_name, gboolean complete);
CwChain *ui_chain_new_for_key (const char *common_name, CwKey *key, gboolean complete);

G_END_DECLS
