/* A shared object that is no plugin. */
__attribute__((visibility("default"))) int taxon_plugin_nothing(void);

int taxon_plugin_nothing(void)
{
    return 0;
}
