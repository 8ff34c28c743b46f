#include "cli/app.h"
int cmd_image_list(struct app *app, struct err *e)
{
    (void)app;
    return err_set(e, ERR_REFUSED, "later");
}
