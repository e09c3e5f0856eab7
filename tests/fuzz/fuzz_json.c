/* Fuzz target: any bytes as lines of JSON. The reader ends without an error, keeps the rules of the
 * border, and gives the same members in one turn as in many.
 */
#include "container_host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    container_run(data, size, "application/x-ndjson", "a.jsonl");
    return 0;
}
