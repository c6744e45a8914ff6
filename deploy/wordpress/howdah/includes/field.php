<?php
/**
 * The REST field `share_on_mastodon`: where a post was shared, or why not.
 *
 * It has the meta keys of the Share on Mastodon plugin, so that what shows its url shows ours; it works without that
 * plugin too. Whoever may edit a post may write its field.
 *
 * @package Howdah
 */

namespace Howdah;

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

const FIELD         = 'share_on_mastodon';
const URL_META      = '_share_on_mastodon_url';
const ERROR_META    = '_share_on_mastodon_error';
const LONGEST_URL   = 2000;
const LONGEST_ERROR = 500;

/**
 * Registers the field for each post type.
 */
function register_field() {
	$schema = array(
		'description'          => __( 'Where the post was shared on the fediverse, or why not.', 'howdah' ),
		'type'                 => 'object',
		'context'              => array( 'view', 'edit', 'embed' ),
		'properties'           => array(
			'url'   => array(
				'type'      => 'string',
				'maxLength' => LONGEST_URL,
			),
			'error' => array( 'type' => 'string' ),
		),
		'additionalProperties' => false,
	);
	foreach ( post_types() as $type ) {
		register_rest_field(
			$type,
			FIELD,
			array(
				'get_callback'    => __NAMESPACE__ . '\read_field',
				'update_callback' => __NAMESPACE__ . '\write_field',
				'schema'          => $schema,
			)
		);
	}
}

/**
 * The field's value: an error only where there is no url.
 *
 * @param array|\WP_Post $post The post, as the REST API or a caller of our own has it.
 * @return array{url: string, error: string}
 */
function read_field( $post ) {
	$id    = is_array( $post ) ? (int) ( isset( $post['id'] ) ? $post['id'] : 0 ) : (int) $post->ID;
	$url   = (string) get_post_meta( $id, URL_META, true );
	$error = '' === $url ? (string) get_post_meta( $id, ERROR_META, true ) : '';
	return array(
		'url'   => $url,
		'error' => $error,
	);
}

/**
 * Writes the field. Only its two meta values are touched: no date, no revision, no save hook.
 *
 * @param mixed    $value What is to be written.
 * @param \WP_Post $post  The post.
 * @return true|\WP_Error
 */
function write_field( $value, $post ) {
	if ( ! current_user_can( 'edit_post', $post->ID ) ) {
		return new \WP_Error(
			'rest_cannot_edit',
			__( 'Sorry, you are not allowed to edit this post.', 'howdah' ),
			array( 'status' => rest_authorization_required_code() )
		);
	}
	$value = is_array( $value ) ? $value : array( 'url' => null );
	$url   = array_key_exists( 'url', $value ) ? $value['url'] : '';
	$error = array_key_exists( 'error', $value ) ? $value['error'] : '';
	$more  = array_diff( array_keys( $value ), array( 'url', 'error' ) );
	if ( $more || ! is_string( $url ) || ! is_string( $error ) || ! is_address( $url ) ) {
		return new \WP_Error(
			'rest_invalid_param',
			__( 'The url must be a web address, or empty, and the error a text.', 'howdah' ),
			array( 'status' => 400 )
		);
	}
	$error = '' === $url ? mb_substr( sanitize_text_field( $error ), 0, LONGEST_ERROR ) : '';
	set_meta( $post->ID, URL_META, $url );
	set_meta( $post->ID, ERROR_META, $error );
	return true;
}

/**
 * Whether a text is a web address, or empty.
 *
 * @param string $url The text.
 * @return bool
 */
function is_address( $url ) {
	if ( '' === $url ) {
		return true;
	}
	$scheme = wp_parse_url( $url, PHP_URL_SCHEME );
	$host   = wp_parse_url( $url, PHP_URL_HOST );
	return strlen( $url ) <= LONGEST_URL
		&& in_array( $scheme, array( 'http', 'https' ), true )
		&& ! empty( $host )
		&& esc_url_raw( $url, array( 'http', 'https' ) ) === $url;
}

/**
 * Sets a meta value of a post, and removes it where it is empty.
 *
 * @param int    $post_id The post.
 * @param string $key     The meta key.
 * @param string $value   The value.
 */
function set_meta( $post_id, $key, $value ) {
	if ( '' === $value ) {
		delete_post_meta( $post_id, $key );
	} else {
		update_post_meta( $post_id, $key, wp_slash( $value ) );
	}
}

/**
 * Answers a request that writes this field and nothing else, in place of WordPress's own way of saving.
 *
 * WordPress would save the whole post: a new `modified`, a revision, and every hook of a save, at which other plugins
 * would share the post again. Permissions and parameters were checked before this filter is asked.
 *
 * @param mixed            $result  What another filter answers already, null for nothing.
 * @param \WP_REST_Request $request The request.
 * @param string           $route   The route that it matched.
 * @param array            $handler The route's handler.
 * @return mixed
 */
function write_alone( $result, $request, $route, $handler ) {
	$controller = controller_of( $handler );
	if ( null !== $result || null === $controller || ! writes_field_alone( $request ) ) {
		return $result;
	}
	$post = get_post( (int) $request['id'] );
	if ( ! $post || ! in_array( $post->post_type, post_types(), true ) ) {
		return $result;
	}
	$written = write_field( $request[ FIELD ], $post );
	if ( is_wp_error( $written ) ) {
		return $written;
	}
	$request->set_param( 'context', 'edit' );
	return $controller->prepare_item_for_response( $post, $request );
}

/**
 * The posts controller that a handler updates an item with; null where it is another handler.
 *
 * @param array $handler The route's handler.
 * @return \WP_REST_Posts_Controller|null
 */
function controller_of( $handler ) {
	$callback = isset( $handler['callback'] ) ? $handler['callback'] : null;
	$updates  = is_array( $callback ) && isset( $callback[1] ) && 'update_item' === $callback[1];
	return $updates && $callback[0] instanceof \WP_REST_Posts_Controller ? $callback[0] : null;
}

/**
 * Whether a request writes this field and nothing else.
 *
 * @param \WP_REST_Request $request The request.
 * @return bool
 */
function writes_field_alone( $request ) {
	$written = array_merge( (array) $request->get_body_params(), (array) $request->get_json_params() );
	// Some clients send the id and what they want back along with what they write.
	$others = array_diff( array_keys( $written ), array( FIELD, 'id', 'context' ) );
	$asked  = array_diff( array_keys( $request->get_query_params() ), request_words() );
	return isset( $written[ FIELD ] ) && ! $others && ! $asked;
}

/**
 * The query parameters of a request that write nothing.
 *
 * @return string[]
 */
function request_words() {
	return array( 'rest_route', 'context', '_fields', '_embed', '_locale', '_envelope', '_method', '_wpnonce', 'id' );
}
