<?php
/**
 * Removes what the plugin stored. Where posts were shared stays: that belongs to the posts, and to the Share on
 * Mastodon plugin where it is used.
 *
 * @package Howdah
 */

namespace Howdah;

if ( ! defined( 'WP_UNINSTALL_PLUGIN' ) ) {
	exit;
}

/**
 * Cleans one site.
 */
function clean() {
	foreach ( array( 'howdah_hook_url', 'howdah_hook_secret', 'howdah_trouble' ) as $option ) {
		delete_option( $option );
	}
	wp_unschedule_hook( 'howdah_retry' );
	delete_post_meta_by_key( '_howdah_wish' );
}

if ( is_multisite() ) {
	foreach ( get_sites(
		array(
			'fields' => 'ids',
			'number' => 0,
		)
	) as $howdah_site ) {
		switch_to_blog( $howdah_site );
		clean();
		restore_current_blog();
	}
} else {
	clean();
}
