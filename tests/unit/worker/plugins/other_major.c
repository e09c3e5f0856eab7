/* A plugin of another major of the ABI. */
__attribute__((visibility("default"))) const void *taxon_plugin_v2(void);

const void *taxon_plugin_v2(void)
{
    return 0;
}
