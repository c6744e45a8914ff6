<?php
// php install.php FOLDER: installs the WordPress in that folder and prints an application password for its user.
// The site's zone is not UTC, so that date and date_gmt differ.

define('WP_INSTALLING', true);
$_SERVER += ['HTTP_HOST' => '127.0.0.1', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/', 'PHP_SELF' => '/wp-admin/install.php'];

function wp_new_blog_notification() // replaces the one that would send a mail
{
}

require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

$made = wp_install('Loopback Gazette', 'editor', 'editor@example.org', true, '', wp_generate_password());
update_option('timezone_string', 'Europe/Berlin');
update_option('permalink_structure', '/%year%/%monthnum%/%postname%/');
$GLOBALS['wp_rewrite']->init();
$GLOBALS['wp_rewrite']->flush_rules(false);
wp_delete_post(1, true); // "Hello world!"

echo WP_Application_Passwords::create_new_application_password($made['user_id'], ['name' => 'tests'])[0];
