/* Fuzz target: any bytes as a mail. The reader ends without an error, keeps the rules of the
 * border, and gives the same members in one turn as in many.
 */
#include "container_host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    container_run(data, size, "message/rfc822", "a.eml");
    return 0;
}
