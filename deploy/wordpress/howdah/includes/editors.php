<?php
/**
 * What editors see: a column in the list of posts, and a panel in the block editor and the classic one.
 *
 * @package Howdah
 */

namespace Howdah;

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

const COLUMN = 'howdah';

/**
 * Adds the column to each post type's list.
 */
function add_columns() {
	foreach ( post_types() as $type ) {
		add_filter( "manage_{$type}_posts_columns", __NAMESPACE__ . '\with_column' );
		add_action( "manage_{$type}_posts_custom_column", __NAMESPACE__ . '\show_column', 10, 2 );
	}
}

/**
 * The columns of a list, with ours.
 *
 * @param array<string, string> $columns The columns.
 * @return array<string, string>
 */
function with_column( $columns ) {
	$columns[ COLUMN ] = __( 'Fediverse', 'howdah' );
	return $columns;
}

/**
 * Shows where a post of the list was shared.
 *
 * @param string $column  The column.
 * @param int    $post_id The post.
 */
function show_column( $column, $post_id ) {
	if ( COLUMN === $column ) {
		echo wp_kses_post( told_html( get_post( $post_id ) ) );
	}
}

/**
 * Where a post was shared, or why not, as HTML.
 *
 * @param \WP_Post $post The post.
 * @return string
 */
function told_html( $post ) {
	$field = read_field( $post );
	if ( '' !== $field['url'] ) {
		$host = (string) wp_parse_url( $field['url'], PHP_URL_HOST );
		/* translators: %s: the host of an instance, such as mastodon.social. */
		$words = sprintf( __( 'Shared on %s', 'howdah' ), $host );
		return sprintf( '<a href="%s" target="_blank" rel="noopener">%s</a>', esc_url( $field['url'] ), esc_html( $words ) );
	}
	if ( '' !== $field['error'] ) {
		/* translators: %s: why a post was not shared. */
		return esc_html( sprintf( __( 'Not shared: %s', 'howdah' ), $field['error'] ) );
	}
	return esc_html__( 'Not shared yet', 'howdah' );
}

/**
 * Adds the panel to the classic editor; the block editor has its own.
 *
 * @param string   $type The post type.
 * @param \WP_Post $post The post.
 */
function add_classic_box( $type, $post ) {
	if ( $post instanceof \WP_Post && in_array( $type, post_types(), true ) ) {
		add_meta_box( 'howdah', __( 'Fediverse', 'howdah' ), __NAMESPACE__ . '\show_classic_box', $type, 'side', 'default', array( '__back_compat_meta_box' => true ) );
	}
}

/**
 * Shows the panel of the classic editor; its script keeps it up to date.
 *
 * @param \WP_Post $post The post.
 */
function show_classic_box( $post ) {
	$field = read_field( $post );
	printf(
		'<p class="howdah-told" aria-live="polite" data-url="%s" data-error="%s">%s</p>',
		esc_attr( $field['url'] ),
		esc_attr( $field['error'] ),
		wp_kses_post( told_html( $post ) )
	);
	if ( 'publish' === $post->post_status && current_user_can( 'publish_post', $post->ID ) ) {
		printf(
			'<p><button type="button" class="button howdah-again" data-post="%d"%s>%s</button></p>',
			(int) $post->ID,
			disabled( is_connected(), false, false ),
			esc_html__( 'Share again', 'howdah' )
		);
	}
}

/**
 * Loads the block editor's panel.
 */
function enqueue_block_panel() {
	$screen = get_current_screen();
	if ( ! $screen || ! in_array( $screen->post_type, post_types(), true ) ) {
		return;
	}
	// Where the panel component lives depends on the version of WordPress; the script takes what is there.
	$needs = array( 'wp-api-fetch', 'wp-components', 'wp-data', 'wp-element', 'wp-plugins', 'wp-edit-post', 'wp-editor' );
	enqueue( 'howdah-block-panel', 'block-panel.js', $needs );
}

/**
 * Loads the classic editor's script.
 *
 * @param string $page The page of the dashboard.
 */
function enqueue_classic_script( $page ) {
	$screen = get_current_screen();
	if ( 'post.php' === $page && $screen && ! $screen->is_block_editor() && in_array( $screen->post_type, post_types(), true ) ) {
		enqueue( 'howdah-classic-box', 'classic-box.js', array( 'wp-api-fetch' ) );
	}
}

/**
 * Loads a script with the words that it shows.
 *
 * @param string   $handle The script's name.
 * @param string   $file   Its file in assets.
 * @param string[] $needs  The scripts that it needs.
 */
function enqueue( $handle, $file, $needs ) {
	wp_enqueue_script( $handle, plugins_url( 'assets/' . $file, PLUGIN_FILE ), $needs, VERSION, true );
	$words = array(
		'title'     => __( 'Fediverse', 'howdah' ),
		/* translators: %s: the host of an instance, such as mastodon.social. */
		'shared'    => __( 'Shared on %s', 'howdah' ),
		/* translators: %s: why a post was not shared. */
		'notShared' => __( 'Not shared: %s', 'howdah' ),
		'notYet'    => __( 'Not shared yet', 'howdah' ),
		'again'     => __( 'Share again', 'howdah' ),
		'sure'      => __( 'Share this post once more, as a new status?', 'howdah' ),
		'connected' => is_connected(),
	);
	wp_add_inline_script( $handle, 'window.howdahWords = ' . wp_json_encode( $words ) . ';', 'before' );
}
