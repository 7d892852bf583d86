/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-button-box.h"

/* Between two buttons, in pixels. */
#define SPACING 12

struct _CwButtonBox
{
  GtkWidget parent_instance;

  gboolean homogeneous;
};

G_DEFINE_FINAL_TYPE (CwButtonBox, cw_button_box, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_HOMOGENEOUS
};

/* The next child that is to be seen, from this one on. */
static GtkWidget *
find_shown (GtkWidget *child)
{
  while (child && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static GtkWidget *
first_shown (CwButtonBox *self)
{
  return find_shown (gtk_widget_get_first_child (GTK_WIDGET (self)));
}

static GtkWidget *
next_shown (GtkWidget *child)
{
  return find_shown (gtk_widget_get_next_sibling (child));
}

static int
get_width (GtkWidget *child)
{
  int natural = 0;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  return natural;
}

static int
get_height (GtkWidget *child, int width)
{
  int natural = 0;

  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
  return natural;
}

/* What all of them need side by side; if they are to be as wide as each other, one’s part of it. */
static int
get_row_width (CwButtonBox *self, int *part)
{
  int sum = 0, widest = 0, count = 0;

  for (GtkWidget *child = first_shown (self); child; child = next_shown (child))
    {
      const int width = get_width (child);

      sum += width;
      widest = MAX (widest, width);
      count++;
    }
  if (part)
    *part = widest;
  return (self->homogeneous ? count * widest : sum) + MAX (0, count - 1) * SPACING;
}

static void
measure_width (CwButtonBox *self, int *minimum, int *natural)
{
  *minimum = 0;
  *natural = get_row_width (self, NULL);
  for (GtkWidget *child = first_shown (self); child; child = next_shown (child))
    {
      int least = 0;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
      *minimum = MAX (*minimum, least);
    }
}

static int
measure_height (CwButtonBox *self, int width)
{
  const gboolean row = width < 0 || get_row_width (self, NULL) <= width;
  int height = 0;

  for (GtkWidget *child = first_shown (self); child; child = next_shown (child))
    {
      const int part = get_height (child, row ? -1 : width);

      height = row ? MAX (height, part) : height + part + (height > 0 ? SPACING : 0);
    }
  return height;
}

static void
cw_button_box_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  CwButtonBox *self = CW_BUTTON_BOX (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_width (self, minimum, natural);
  else
    *minimum = *natural = measure_height (self, for_size);
}

static void
allocate_row (CwButtonBox *self, int width, int height)
{
  const gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int widest, count = 0, x = 0, more;
  int needed = get_row_width (self, &widest);

  for (GtkWidget *child = first_shown (self); child; child = next_shown (child))
    count++;
  more = self->homogeneous && count > 0 ? (width - needed) / count : 0;

  for (GtkWidget *child = first_shown (self); child; child = next_shown (child))
    {
      const int part = self->homogeneous ? widest + more : get_width (child);
      const GtkAllocation place = { rtl ? width - x - part : x, 0, part, height };

      gtk_widget_size_allocate (child, &place, -1);
      x += part + SPACING;
    }
}

static void
allocate_column (CwButtonBox *self, int width)
{
  int y = 0;

  for (GtkWidget *child = first_shown (self); child; child = next_shown (child))
    {
      const GtkAllocation place = { 0, y, width, get_height (child, width) };

      gtk_widget_size_allocate (child, &place, -1);
      y += place.height + SPACING;
    }
}

static void
cw_button_box_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  CwButtonBox *self = CW_BUTTON_BOX (widget);

  if (get_row_width (self, NULL) <= width)
    allocate_row (self, width, height);
  else
    allocate_column (self, width);
}

static GtkSizeRequestMode
cw_button_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
cw_button_box_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  CwButtonBox *self = CW_BUTTON_BOX (object);

  if (prop_id != PROP_HOMOGENEOUS)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  else
    self->homogeneous = g_value_get_boolean (value);
}

static void
cw_button_box_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (cw_button_box_parent_class)->dispose (object);
}

static void
cw_button_box_class_init (CwButtonBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = cw_button_box_set_property;
  object_class->dispose = cw_button_box_dispose;
  widget_class->measure = cw_button_box_measure;
  widget_class->size_allocate = cw_button_box_size_allocate;
  widget_class->get_request_mode = cw_button_box_get_request_mode;

  g_object_class_install_property (
      object_class, PROP_HOMOGENEOUS,
      g_param_spec_boolean ("homogeneous", NULL, NULL, FALSE,
                            G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));
}

static void
cw_button_box_init (CwButtonBox *self)
{
}
