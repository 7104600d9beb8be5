mod demo_site;
