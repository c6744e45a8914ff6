<?php
/**
 * Plugin Name:       howdah
 * Description:       Tells howdah of each new post at once, and shows editors where it was shared on the fediverse.
 * Version:           1.0.0
 * Requires at least: 5.6
 * Requires PHP:      7.4
 * Author:            The howdah maintainers
 * License:           MIT
 * License URI:       https://opensource.org/license/mit
 * Text Domain:       howdah
 * Domain Path:       /languages
 *
 * As a must-use plugin: put this folder into wp-content/mu-plugins, and beside it a file that requires this one.
 *
 * @package Howdah
 */

namespace Howdah;

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

const VERSION     = '1.0.0';
const PLUGIN_FILE = __FILE__;

require_once __DIR__ . '/includes/settings.php';
require_once __DIR__ . '/includes/field.php';
require_once __DIR__ . '/includes/notice.php';
require_once __DIR__ . '/includes/again.php';
require_once __DIR__ . '/includes/editors.php';
require_once __DIR__ . '/includes/settings-page.php';

add_action( 'init', __NAMESPACE__ . '\load_words' );
add_action( 'wp_after_insert_post', __NAMESPACE__ . '\after_insert', 10, 4 );
add_action( RETRY_HOOK, __NAMESPACE__ . '\retry', 10, 3 );

// The Share on Mastodon plugin registers its field at 10: of two registrations for one name, the last one counts.
add_action( 'rest_api_init', __NAMESPACE__ . '\register_field', 99 );
add_action( 'rest_api_init', __NAMESPACE__ . '\register_routes' );
add_filter( 'rest_dispatch_request', __NAMESPACE__ . '\write_alone', 10, 4 );

add_action( 'admin_init', __NAMESPACE__ . '\register_settings' );
add_action( 'admin_init', __NAMESPACE__ . '\add_columns' );
add_action( 'admin_menu', __NAMESPACE__ . '\add_settings_page' );
add_action( 'add_meta_boxes', __NAMESPACE__ . '\add_classic_box', 10, 2 );
add_action( 'enqueue_block_editor_assets', __NAMESPACE__ . '\enqueue_block_panel' );
add_action( 'admin_enqueue_scripts', __NAMESPACE__ . '\enqueue_classic_script' );

/**
 * Loads the translations, wherever the plugin stands.
 */
function load_words() {
	$folder = plugin_basename( dirname( PLUGIN_FILE ) ) . '/languages';
	if ( 0 === strpos( wp_normalize_path( PLUGIN_FILE ), wp_normalize_path( WPMU_PLUGIN_DIR ) ) ) {
		load_muplugin_textdomain( 'howdah', $folder );
	} else {
		load_plugin_textdomain( 'howdah', false, $folder );
	}
}
